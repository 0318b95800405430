import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Private accounts, requests to follow them, and suspended users. Columns with a constant default change no row. The lock
 * waits for long reads of the table, and all others wait behind it. So the migration fails after a second, and is retried.
 */
export class PrivateAccounts1700000000005 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      SET LOCAL lock_timeout = '1s';
      ALTER TABLE users ADD COLUMN private boolean NOT NULL DEFAULT false,
                        ADD COLUMN suspended boolean NOT NULL DEFAULT false;
      CREATE TABLE follow_requests (
        requester_id integer NOT NULL,
        target_id    integer NOT NULL,
        since        timestamptz NOT NULL,
        PRIMARY KEY (requester_id, target_id)
      );
      CREATE INDEX follow_requests_of_target ON follow_requests (target_id, since, requester_id);
      CREATE INDEX follow_requests_of_requester ON follow_requests (requester_id, since, target_id);
      -- When accounts were made private or public, to limit how often.
      CREATE TABLE privacy_changes (
        user_id integer NOT NULL,
        time    timestamptz NOT NULL,
        PRIMARY KEY (user_id, time)
      );
      -- Accounts that were made public, until all requests up to that moment are accepted.
      CREATE TABLE publications (
        user_id integer PRIMARY KEY,
        time    timestamptz NOT NULL
      );`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE publications, privacy_changes, follow_requests;
      ALTER TABLE users DROP COLUMN private, DROP COLUMN suspended;`);
  }
}
