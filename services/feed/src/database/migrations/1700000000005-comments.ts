import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Of a comment, an activity has its id beside the object that it comments on. An activity about a comment has what the
 * comment hangs on. Other rows have neither. Columns without a default change no row. The lock waits for long reads of
 * the table, and all others wait behind it. So the migration fails after a second, and is retried.
 */
export class Comments1700000000005 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query("SET LOCAL lock_timeout = '1s'");
    for (const column of ['comment_id bigint', 'root_type text', 'root_id bigint', 'root_owner_id integer']) {
      await queryRunner.query(`ALTER TABLE activities ADD COLUMN ${column}`);
    }
    // The default is for lists that the previous version stores.
    await queryRunner.query('ALTER TABLE trending_objects ADD COLUMN comments bigint NOT NULL DEFAULT 0');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE trending_objects DROP COLUMN comments');
    for (const column of ['comment_id', 'root_type', 'root_id', 'root_owner_id']) {
      await queryRunner.query(`ALTER TABLE activities DROP COLUMN ${column}`);
    }
  }
}
