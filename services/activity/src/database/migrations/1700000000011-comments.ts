import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A comment is an object of its own type, with a row here for what it hangs on. Its replies are counted, not stored as a
 * number: a counter would be a row that all writers of a thread wait for. Events prove that the root exists, so there is no
 * foreign key, which would lock the root's row for every comment.
 */
export class Comments1700000000011 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE SEQUENCE comment_ids;
      CREATE TABLE comments (
        id         bigint PRIMARY KEY,
        root_type  text NOT NULL,
        root_id    bigint NOT NULL,
        -- The first-level comment that a reply is listed under.
        thread     bigint,
        -- The comment that it replies to, which may be a reply too.
        reply_to   bigint,
        created_at timestamptz NOT NULL,
        CHECK ((thread IS NULL) = (reply_to IS NULL))
      );
      CREATE INDEX comments_of_object ON comments (root_type, root_id, created_at, id) WHERE thread IS NULL;
      CREATE INDEX comments_of_thread ON comments (thread, created_at, id) WHERE thread IS NOT NULL;`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE comments; DROP SEQUENCE comment_ids;');
  }
}
