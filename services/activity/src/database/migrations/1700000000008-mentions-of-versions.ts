import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The mentions of earlier versions. A migration of its own: edits and reads of the history lock this table and objects
 * in different orders, so a transaction that locks both could deadlock with one of them.
 */
export class MentionsOfVersions1700000000008 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      SET LOCAL lock_timeout = '1s';
      ALTER TABLE object_versions ADD COLUMN mentions jsonb;`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE object_versions DROP COLUMN mentions');
  }
}
