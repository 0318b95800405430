import { EVENTS_TABLE_V1, RELAY_CURSOR_TABLE_V1 } from '@activity-feed/eventing';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateActivity1700000000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(EVENTS_TABLE_V1);
    await queryRunner.query(RELAY_CURSOR_TABLE_V1);
    await queryRunner.query(`
      CREATE SEQUENCE post_ids;
      CREATE SEQUENCE photo_ids;
      CREATE TABLE objects (
        type       text NOT NULL,
        id         bigint NOT NULL,
        owner_id   integer NOT NULL,
        owner_name text NOT NULL,
        content    text NOT NULL,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (type, id)
      );
      CREATE TABLE likes (
        user_id     integer NOT NULL,
        object_type text NOT NULL,
        object_id   bigint NOT NULL,
        since       timestamptz NOT NULL,
        PRIMARY KEY (user_id, object_type, object_id),
        FOREIGN KEY (object_type, object_id) REFERENCES objects (type, id)
      );`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE likes, objects, relay_cursor, events;
      DROP SEQUENCE post_ids, photo_ids;
      DROP FUNCTION refuse_change_of_events;`);
  }
}
