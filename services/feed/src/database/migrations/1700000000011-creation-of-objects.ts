import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When an object was created: nothing about it is older. Null where the event that deleted it did not have the time. If a
 * long read holds the table, the migration fails instead of delaying all others, and is retried.
 */
export class CreationOfObjects1700000000011 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query("SET LOCAL lock_timeout = '1s'");
    await queryRunner.query('ALTER TABLE object_states ADD COLUMN created_at timestamptz');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE object_states DROP COLUMN created_at');
  }
}
