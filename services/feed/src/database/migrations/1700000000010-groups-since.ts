import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The first activity of a group comes first: an index finds it without the others, which most groups then do not need. */
const groupsFrom = (relation: string) => `
      RETURN QUERY
        SELECT noted.*, found.count, began.time, found.ids
        FROM unnest(days, actor_ids, verbs, object_types) AS noted (day, actor_id, verb, object_type)
        CROSS JOIN LATERAL (
          SELECT time FROM ${relation} AS one
          WHERE one.actor_id = noted.actor_id AND one.verb = noted.verb
            AND one.object_type IS NOT DISTINCT FROM noted.object_type
            AND time >= from_time AND time < from_time + interval '24 hours'
          ORDER BY time LIMIT 1) AS began
        CROSS JOIN LATERAL (
          SELECT count(*), (array_agg(object_id ORDER BY time DESC, event_id DESC))[1:3] AS ids
          FROM ${relation} AS one
          WHERE one.actor_id = noted.actor_id AND one.verb = noted.verb
            AND one.object_type IS NOT DISTINCT FROM noted.object_type
            AND time >= from_time AND time < from_time + interval '24 hours') AS found
        WHERE noted.day = from_time AND began.time >= since;`;

/** Groups from their rows, without those that began before a time. Versions before this one call it without that time. */
export class GroupsSince1700000000010 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
CREATE OR REPLACE FUNCTION groups_from_rows(days timestamptz[], actor_ids integer[], verbs text[], object_types text[],
                                 since timestamptz)
RETURNS TABLE (day timestamptz, actor_id integer, verb text, object_type text,
               activities bigint, first_time timestamptz, object_ids bigint[])
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 10 SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  from_time timestamptz;
BEGIN
  FOR from_time IN SELECT DISTINCT unnest(days) LOOP
    IF EXISTS (SELECT FROM object_states WHERE NOT moved) THEN ${groupsFrom('visible_activities')}
    ELSE ${groupsFrom('activities')}
    END IF;
  END LOOP;
END $$`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP FUNCTION groups_from_rows(timestamptz[], integer[], text[], text[], timestamptz)');
  }
}
