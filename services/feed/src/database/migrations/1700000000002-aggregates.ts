import type { MigrationInterface, QueryRunner } from 'typeorm';

const NAMES = ['actor_activity_daily', 'object_engagement_hourly', 'verb_activity_hourly'];

/** The refresher's state. The aggregates themselves depend on the edition and are created at start. */
export class Aggregates1700000000002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Closed hours that received late activities.
      CREATE TABLE late_activities (
        id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        hour     timestamptz NOT NULL,
        noted_at timestamptz NOT NULL DEFAULT now()
      );
      -- The range in which a continuous aggregate has been materialised at least once.
      CREATE TABLE aggregate_progress (
        aggregate    text PRIMARY KEY,
        filled_from  timestamptz NOT NULL,
        filled_until timestamptz NOT NULL
      );
      -- One row: the start of the oldest chunk seen, and the time up to which activities have been dropped.
      CREATE TABLE activities_retention (
        one_row       boolean PRIMARY KEY DEFAULT true CHECK (one_row),
        oldest_chunk  timestamptz NOT NULL,
        dropped_until timestamptz NOT NULL DEFAULT '-infinity'
      );
      -- The best objects of the closed hours, scored as of a given hour.
      CREATE TABLE trending_objects (
        window_name text NOT NULL,
        hour        timestamptz NOT NULL,
        object_type text NOT NULL,
        rank        integer NOT NULL,
        object_id   bigint NOT NULL,
        owner_id    integer NOT NULL,
        likes       bigint NOT NULL,
        shares      bigint NOT NULL,
        score       bigint NOT NULL,
        PRIMARY KEY (window_name, hour, object_type, rank)
      );
      -- The lists that exist: an empty list has no rows in trending_objects.
      CREATE TABLE trending_lists (
        window_name text NOT NULL,
        hour        timestamptz NOT NULL,
        PRIMARY KEY (window_name, hour)
      );`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const name of NAMES) {
      const [relation] = await queryRunner.query(
        `SELECT EXISTS (SELECT FROM timescaledb_information.continuous_aggregates
                        WHERE view_name = $1 AND view_schema = current_schema) AS continuous`,
        [name],
      );
      await queryRunner.query(`DROP VIEW IF EXISTS ${name}_filled`);
      await queryRunner.query(`DROP ${relation.continuous ? 'MATERIALIZED ' : ''}VIEW IF EXISTS ${name}`);
    }
    await queryRunner.query(
      'DROP TABLE late_activities, aggregate_progress, activities_retention, trending_lists, trending_objects',
    );
  }
}
