import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whether what is about a user, a column of `one`, is hidden: the user is in `hidden`, or the account is closed to the viewer.
 * IS TRUE prevents joins.
 */
const isHidden = (column: string) => `(
              ${column} = ANY (hidden)
              OR (EXISTS (SELECT FROM closed_accounts AS closed WHERE closed.user_id = ${column}
                          AND (closed.suspended OR closed.user_id <> ALL (known)))) IS TRUE)`;

const IS_VISIBLE = `${['one.actor_id', 'one.target_id', 'one.root_owner_id'].map((column) => `${isHidden(column)} IS NOT TRUE`).join(' AND ')}
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
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10 SET plan_cache_mode = force_generic_plan AS $$
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

/**
 * Which accounts are private or suspended, and groups and sums without what is about them. `known` are the viewer and whom
 * the viewer follows; null if no account is private. Instances of the previous version use the functions without it.
 */
export class ClosedAccounts1700000000014 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
CREATE TABLE closed_accounts (
  user_id   integer PRIMARY KEY,
  private   boolean NOT NULL,
  suspended boolean NOT NULL
);
CREATE OR REPLACE FUNCTION groups_from_rows(days timestamptz[], actor_ids integer[], verbs text[], object_types text[],
                                 since timestamptz, hidden integer[], sharers integer[], known integer[])
RETURNS TABLE (day timestamptz, actor_id integer, verb text, object_type text,
               activities bigint, first_time timestamptz, object_ids bigint[])
${fromRows(groupsFrom)}
CREATE OR REPLACE FUNCTION sums_from_rows(days timestamptz[], actor_ids integer[], verbs text[],
                               hidden integer[], sharers integer[], known integer[])
RETURNS TABLE (day timestamptz, verb text, activities bigint)
${fromRows(sumsFrom)}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP FUNCTION groups_from_rows(timestamptz[], integer[], text[], text[], timestamptz, integer[], integer[], integer[]);
      DROP FUNCTION sums_from_rows(timestamptz[], integer[], text[], integer[], integer[], integer[]);
      DROP TABLE closed_accounts;`);
  }
}
