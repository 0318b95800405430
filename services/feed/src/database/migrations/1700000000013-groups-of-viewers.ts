import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a viewer sees a row of `one`. No user has the id 0. */
const IS_VISIBLE = `one.actor_id <> ALL (hidden) AND coalesce(one.target_id, 0) <> ALL (hidden)
            AND coalesce(one.root_owner_id, 0) <> ALL (hidden)
            AND (one.verb <> 'share' OR one.actor_id <> ALL (sharers))`;

const IN_DAY = "time >= from_time AND time < from_time + interval '24 hours'";

const groupsFrom = (relation: string) => `
      RETURN QUERY
        SELECT wanted.*, found.count, began.time, found.ids
        FROM unnest(days, actor_ids, verbs, object_types) AS wanted (day, actor_id, verb, object_type)
        CROSS JOIN LATERAL (
          SELECT time FROM ${relation} AS one
          WHERE one.actor_id = wanted.actor_id AND one.verb = wanted.verb
            AND one.object_type IS NOT DISTINCT FROM wanted.object_type AND ${IN_DAY} AND ${IS_VISIBLE}
          ORDER BY time LIMIT 1) AS began
        CROSS JOIN LATERAL (
          SELECT count(*), (array_agg(object_id ORDER BY time DESC, event_id DESC))[1:3] AS ids
          FROM ${relation} AS one
          WHERE one.actor_id = wanted.actor_id AND one.verb = wanted.verb
            AND one.object_type IS NOT DISTINCT FROM wanted.object_type AND ${IN_DAY} AND ${IS_VISIBLE}) AS found
        WHERE wanted.day = from_time AND began.time >= since;`;

const sumsFrom = (relation: string) => `
      RETURN QUERY
        SELECT wanted.day, wanted.verb, sum(found.count)::bigint
        FROM unnest(days, actor_ids, verbs) AS wanted (day, actor_id, verb)
        CROSS JOIN LATERAL (
          SELECT count(*) FROM ${relation} AS one
          WHERE one.actor_id = wanted.actor_id AND one.verb = wanted.verb AND ${IN_DAY} AND ${IS_VISIBLE}) AS found
        WHERE wanted.day = from_time GROUP BY 1, 2;`;

const fromRows = (statement: (relation: string) => string) => `
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 10 SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  from_time timestamptz;
BEGIN
  FOR from_time IN SELECT DISTINCT unnest(days) LOOP
    IF EXISTS (SELECT FROM object_states WHERE NOT moved) THEN ${statement('visible_activities')}
    ELSE ${statement('activities')}
    END IF;
  END LOOP;
END $$;`;

const INDEXES = {
  activities_of_target: '(target_id, time DESC) WHERE target_id IS NOT NULL',
  activities_of_root_owner: '(root_owner_id, time DESC) WHERE root_owner_id IS NOT NULL',
  activities_of_comment: '(comment_id) WHERE comment_id IS NOT NULL',
};

/**
 * Groups and sums as one viewer sees them, from rows, and indexes that find what is about somebody, and the activity that
 * added a comment. The projector waits while the indexes are created; reads go on.
 */
export class GroupsOfViewers1700000000013 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [name, columns] of Object.entries(INDEXES)) {
      await queryRunner.query(`CREATE INDEX ${name} ON activities ${columns}`);
    }
    await queryRunner.query(`
CREATE OR REPLACE FUNCTION groups_from_rows(days timestamptz[], actor_ids integer[], verbs text[], object_types text[],
                                 since timestamptz, hidden integer[], sharers integer[])
RETURNS TABLE (day timestamptz, actor_id integer, verb text, object_type text,
               activities bigint, first_time timestamptz, object_ids bigint[])
${fromRows(groupsFrom)}
CREATE OR REPLACE FUNCTION sums_from_rows(days timestamptz[], actor_ids integer[], verbs text[],
                               hidden integer[], sharers integer[])
RETURNS TABLE (day timestamptz, verb text, activities bigint)
${fromRows(sumsFrom)}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP FUNCTION groups_from_rows(timestamptz[], integer[], text[], text[], timestamptz, integer[], integer[]);
      DROP FUNCTION sums_from_rows(timestamptz[], integer[], text[], integer[], integer[]);`);
    for (const name of Object.keys(INDEXES)) await queryRunner.query(`DROP INDEX ${name}`);
  }
}
