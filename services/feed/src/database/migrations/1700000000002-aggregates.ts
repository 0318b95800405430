import type { MigrationInterface, QueryRunner } from 'typeorm';

const NAMES = ['actor_activity_daily', 'object_engagement_hourly', 'verb_activity_hourly'];

/** What the refresher of the aggregates knows. The aggregates themselves are made for the edition, at every start. */
export class Aggregates1700000000002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Hours to which something was written after they had closed.
      CREATE TABLE late_activities (
        id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        hour     timestamptz NOT NULL,
        noted_at timestamptz NOT NULL DEFAULT now()
      );
      -- Between these all of a continuous aggregate has been materialised once.
      CREATE TABLE aggregate_progress (
        aggregate    text PRIMARY KEY,
        filled_from  timestamptz NOT NULL,
        filled_until timestamptz NOT NULL
      );
      -- One row: the oldest chunk that was seen, and up to where activities have been dropped.
      CREATE TABLE activities_retention (
        one_row       boolean PRIMARY KEY DEFAULT true CHECK (one_row),
        oldest_chunk  timestamptz NOT NULL,
        dropped_until timestamptz NOT NULL DEFAULT '-infinity'
      );
      -- The best of the closed hours, as they count from a certain hour.
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
      -- Which of these lists there are: one without objects has no rows there.
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
