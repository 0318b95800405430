import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Notes of buckets that were written to after they closed, by group and by object, and functions that compute such buckets
 * from rows. The functions are STABLE: they see the snapshot of the statement that calls them.
 */
export class NotedGroups1700000000004 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE noted_groups (
        id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        day         timestamptz NOT NULL,
        actor_id    integer NOT NULL,
        verb        text NOT NULL,
        object_type text
      );
      CREATE INDEX noted_groups_of_actor ON noted_groups (actor_id, day);
      CREATE INDEX noted_groups_of_day ON noted_groups (day);
      CREATE TABLE noted_objects (
        id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        hour        timestamptz NOT NULL,
        object_type text NOT NULL,
        object_id   bigint NOT NULL
      );
      CREATE INDEX noted_objects_of_object ON noted_objects (object_type, object_id, hour);
      CREATE INDEX noted_objects_of_hour ON noted_objects (hour);

      -- The start of the first day whose rows are all present; infinity where aggregates are views, which need no notes.
      CREATE OR REPLACE FUNCTION notes_apply_from() RETURNS timestamptz LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
      BEGIN
        IF current_setting('timescaledb.license') <> 'timescale' THEN RETURN 'infinity'; END IF;
        RETURN coalesce(
          (SELECT date_trunc('day', dropped_until + interval '24 hours' - interval '1 microsecond', 'UTC')
           FROM activities_retention),
          '-infinity');
      END $$;

      -- Groups as in actor_activity_daily. Relies on the index activities_of_actor. One day after the other by a generic
      -- plan: this neither plans each time nor looks into the chunks of other days.
      CREATE OR REPLACE FUNCTION groups_from_rows(days timestamptz[], actor_ids integer[], verbs text[], object_types text[])
      RETURNS TABLE (day timestamptz, actor_id integer, verb text, object_type text,
                     activities bigint, first_time timestamptz, object_ids bigint[])
      LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 10 SET plan_cache_mode = force_generic_plan AS $$
      #variable_conflict use_column
      DECLARE
        from_time timestamptz;
      BEGIN
        FOR from_time IN SELECT DISTINCT unnest(days) LOOP
          RETURN QUERY
            SELECT noted.*, found.* FROM unnest(days, actor_ids, verbs, object_types) AS noted (day, actor_id, verb, object_type)
            CROSS JOIN LATERAL (
              SELECT count(*), min(time), (array_agg(object_id ORDER BY time DESC, event_id DESC))[1:3]
              FROM activities AS one
              WHERE one.actor_id = noted.actor_id AND one.verb = noted.verb
                AND one.object_type IS NOT DISTINCT FROM noted.object_type
                AND time >= from_time AND time < from_time + interval '24 hours'
              HAVING count(*) > 0) AS found
            WHERE noted.day = from_time;
        END LOOP;
      END $$;

      -- Activities by day, actor and verb, likewise.
      CREATE OR REPLACE FUNCTION sums_from_rows(days timestamptz[], actor_ids integer[], verbs text[])
      RETURNS TABLE (day timestamptz, verb text, activities bigint)
      LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 10 SET plan_cache_mode = force_generic_plan AS $$
      #variable_conflict use_column
      DECLARE
        from_time timestamptz;
      BEGIN
        FOR from_time IN SELECT DISTINCT unnest(days) LOOP
          RETURN QUERY
            SELECT noted.day, noted.verb, sum(found.count)::bigint
            FROM unnest(days, actor_ids, verbs) AS noted (day, actor_id, verb)
            CROSS JOIN LATERAL (
              SELECT count(*) FROM activities AS one
              WHERE one.actor_id = noted.actor_id AND one.verb = noted.verb
                AND time >= from_time AND time < from_time + interval '24 hours') AS found
            WHERE noted.day = from_time GROUP BY 1, 2;
        END LOOP;
      END $$;

      -- Hours of objects as in object_engagement_hourly, for all verbs. Reads each hour once: there is no index by object.
      -- Builds the statement at run time, so that it is planned for the chunks in question.
      CREATE OR REPLACE FUNCTION engagement_from_rows(hours timestamptz[], object_types text[], object_ids bigint[])
      RETURNS TABLE (hour timestamptz, object_type text, object_id bigint, verb text, activities bigint, owner_id integer)
      LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 10 AS $$
      BEGIN
        RETURN QUERY EXECUTE $query$
          SELECT hour, object_type, object_id, verb, count(*), min(target_id)
          FROM (SELECT DISTINCT hour FROM unnest($1) AS hour) AS hours
          CROSS JOIN LATERAL (
            SELECT object_type, object_id, verb, target_id FROM activities
            WHERE time >= hour AND time < hour + interval '1 hour' AND time >= $4 AND time < $5
            OFFSET 0) AS found
          WHERE ((hour, object_type, object_id) IN (SELECT * FROM unnest($1, $2, $3))) IS TRUE
          GROUP BY 1, 2, 3, 4
          $query$
        USING hours, object_types, object_ids,
              (SELECT min(one) FROM unnest(hours) AS one), (SELECT max(one) + interval '1 hour' FROM unnest(hours) AS one);
      END $$;`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP FUNCTION notes_apply_from, groups_from_rows, sums_from_rows, engagement_from_rows;
      DROP TABLE noted_groups, noted_objects;`);
  }
}
