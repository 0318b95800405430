import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The mentions of an object's current version, and everybody whom any version has mentioned.
 *
 * Instances of the previous version replace the content of an object and leave `mentions` as they are. So
 * `mentions_revision` says to which version the mentions belong: those of another version do not count.
 *
 * The lock waits for long reads of objects, and all others wait behind it. So the migration fails after a second, and is
 * retried.
 */
export class Mentions1700000000007 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      SET LOCAL lock_timeout = '1s';
      ALTER TABLE objects ADD COLUMN mentions jsonb, ADD COLUMN mentions_revision integer;
      CREATE TABLE mentioned_users (
        object_type text NOT NULL,
        object_id   bigint NOT NULL,
        user_id     integer NOT NULL,
        PRIMARY KEY (object_type, object_id, user_id),
        FOREIGN KEY (object_type, object_id) REFERENCES objects (type, id)
      );`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE mentioned_users;
      ALTER TABLE objects DROP COLUMN mentions, DROP COLUMN mentions_revision;`);
  }
}
