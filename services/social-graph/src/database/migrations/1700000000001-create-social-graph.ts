import { EVENTS_TABLE_V1, RELAY_CURSOR_TABLE_V1 } from '@activity-feed/eventing';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSocialGraph1700000000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(EVENTS_TABLE_V1);
    await queryRunner.query(RELAY_CURSOR_TABLE_V1);
    await queryRunner.query(`
      CREATE SEQUENCE user_ids AS integer;
      CREATE TABLE users (
        id         integer PRIMARY KEY,
        name       text NOT NULL UNIQUE,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      );
      -- Not made from events: a key's hash stays out of the log.
      CREATE TABLE keys (
        key_hash   bytea PRIMARY KEY CHECK (octet_length(key_hash) = 32),
        user_id    integer NOT NULL REFERENCES users,
        created_at timestamptz NOT NULL
      );
      CREATE TABLE follows (
        follower_id integer NOT NULL REFERENCES users,
        followee_id integer NOT NULL REFERENCES users,
        since       timestamptz NOT NULL,
        PRIMARY KEY (follower_id, followee_id)
      );`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE follows, keys, users, relay_cursor, events;
      DROP SEQUENCE user_ids;
      DROP FUNCTION refuse_change_of_events;`);
  }
}
