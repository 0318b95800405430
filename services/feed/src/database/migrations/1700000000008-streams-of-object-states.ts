import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The stream whose version an object's state has. No route has deleted objects so far, so there are no states yet. */
export class StreamsOfObjectStates1700000000008 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE object_states ADD COLUMN stream integer NOT NULL');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE object_states DROP COLUMN stream');
  }
}
