import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateFeed1700000000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE EXTENSION IF NOT EXISTS timescaledb');
    await queryRunner.query(`
      CREATE TABLE activities (
        time        timestamptz NOT NULL,
        event_id    uuid NOT NULL,
        actor_id    integer NOT NULL,
        verb        text NOT NULL,
        object_type text,
        object_id   bigint,
        target_id   integer
      );
      SELECT create_hypertable('activities', by_range('time', INTERVAL '1 day'), create_default_indexes => false);
      -- The order of every page; also detects repeated events.
      CREATE UNIQUE INDEX activities_in_order ON activities (time DESC, event_id DESC);
      CREATE INDEX activities_of_actor ON activities (actor_id, time DESC, event_id DESC);

      CREATE TABLE users (
        id   integer PRIMARY KEY,
        name text NOT NULL
      );
      -- The version of the follower's stream guards an edge: an older event never overrules a newer one.
      CREATE TABLE follows (
        follower_id integer NOT NULL,
        followee_id integer NOT NULL,
        following   boolean NOT NULL,
        version     bigint NOT NULL,
        PRIMARY KEY (follower_id, followee_id)
      );
      CREATE TABLE applied_versions (
        source  text NOT NULL,
        stream  integer NOT NULL,
        version bigint NOT NULL,
        PRIMARY KEY (source, stream)
      );
      CREATE TABLE projection_offsets (
        topic       text NOT NULL,
        partition   integer NOT NULL,
        next_offset bigint NOT NULL,
        PRIMARY KEY (topic, partition)
      );`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    // TimescaleDB refuses to drop a hypertable together with other tables.
    await queryRunner.query('DROP TABLE activities');
    await queryRunner.query('DROP TABLE projection_offsets, applied_versions, follows, users');
  }
}
