import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which comments are deleted, beside their places, so that the replies to a comment are listed and counted by one index.
 * A first-level comment stays in its list while it has living replies.
 *
 * The lock waits for long reads of a table, and all others wait behind it. So the migration fails after a second, and is
 * retried.
 */
export class DeletedComments1700000000012 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      SET LOCAL lock_timeout = '1s';
      ALTER TABLE comments ADD COLUMN deleted boolean NOT NULL DEFAULT false;
      UPDATE comments SET deleted = true FROM objects
      WHERE type = 'comment' AND objects.id = comments.id AND deleted_at IS NOT NULL;
      CREATE INDEX living_replies ON comments (thread, created_at, id) WHERE thread IS NOT NULL AND NOT deleted;
      DROP INDEX comments_of_thread;`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE INDEX comments_of_thread ON comments (thread, created_at, id) WHERE thread IS NOT NULL;
      DROP INDEX living_replies;
      ALTER TABLE comments DROP COLUMN deleted;`);
  }
}
