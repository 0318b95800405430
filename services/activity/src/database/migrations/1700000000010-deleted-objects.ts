import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A deleted object keeps its row, and its likes, shares and versions keep theirs, so that a restore brings everything
 * back. `deleted_by` is the user who deleted it; null for whoever has the admin key.
 *
 * The lock waits for long reads of objects, and all others wait behind it. So the migration fails after a second, and is
 * retried.
 */
export class DeletedObjects1700000000010 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      SET LOCAL lock_timeout = '1s';
      ALTER TABLE objects ADD COLUMN deleted_at timestamptz, ADD COLUMN deleted_by integer,
        ADD COLUMN restorable_until timestamptz;`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE objects DROP COLUMN deleted_at, DROP COLUMN deleted_by, DROP COLUMN restorable_until;`);
  }
}
