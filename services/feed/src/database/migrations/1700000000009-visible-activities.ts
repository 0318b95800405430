import type { MigrationInterface, QueryRunner } from 'typeorm';

/*
 * `activities` has what was visible before an object was deleted or restored, until its activities are moved. Whatever reads
 * activities while some are to be moved (object_states WHERE NOT moved) reads the views instead.
 */

const COLUMNS = `time, event_id, actor_id, verb, object_type, object_id, target_id, comment_id, root_type, root_id,
  root_owner_id`;

/** Uncorrelated: each set is hashed once, and the conditions keep the order of an index. */
const isAboutAny = (state: string) => {
  const objects = `FROM object_states WHERE ${state} AND NOT moved`;
  return `((object_type, object_id) IN (SELECT object_type, object_id ${objects})) IS TRUE
   OR ((root_type, root_id) IN (SELECT object_type, object_id ${objects})) IS TRUE
   OR (comment_id IN (SELECT object_id ${objects} AND object_type = 'comment')) IS TRUE`;
};

/** Relies on the primary key of object_states. IS TRUE prevents joins, which take long to plan. */
const isDeleted = (type: string, id: string) =>
  `(EXISTS (SELECT FROM object_states AS state WHERE deleted AND state.object_type = ${type} AND state.object_id = ${id})) IS TRUE`;

const VIEWS = `
CREATE VIEW kept_activities AS
SELECT ${COLUMNS} FROM activities WHERE NOT (${isAboutAny('deleted')});
CREATE VIEW restored_activities AS
SELECT ${COLUMNS} FROM hidden_activities WHERE (${isAboutAny('NOT deleted')})
  AND NOT ${isDeleted('hidden_activities.object_type', 'hidden_activities.object_id')}
  AND NOT ${isDeleted('root_type', 'root_id')} AND NOT ${isDeleted("'comment'", 'comment_id')};
CREATE VIEW visible_activities AS
SELECT * FROM kept_activities UNION ALL SELECT * FROM restored_activities`;

/** The time from which aggregates are to count exactly the rows of `activities`. */
const COMPLETE_FROM = `
CREATE OR REPLACE FUNCTION complete_from() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN current_setting('timescaledb.license') = 'timescale' THEN notes_apply_from() ELSE '-infinity' END
$$`;

const ABOUT = {
  object: 'object_type = changed.type AND object_id = changed.id',
  root: 'root_type = changed.type AND root_id = changed.id',
  comment: "changed.type = 'comment' AND comment_id = changed.id",
};
const OF_ANOTHER = '((found.object_type, found.object_id) IN (SELECT type, id FROM changed)) IS NOT TRUE';

/** The rows of a relation about changed objects. OFFSET 0: a look-up by index for each object, however few are expected. */
const about = (relation: string, reason: keyof typeof ABOUT, sign: number, condition: string) => `
    SELECT found.time, found.actor_id, found.verb, found.object_type, found.object_id, found.target_id, ${sign}
    FROM changed CROSS JOIN LATERAL (
      SELECT * FROM ${relation} WHERE ${ABOUT[reason]} AND time >= from_time AND time < to_time OFFSET 0
    ) AS found WHERE ${condition}`;

const allAbout = (state: string, relation: string, sign: number, own: string) => `
  RETURN QUERY
    WITH changed AS MATERIALIZED (
      SELECT object_type AS type, object_id AS id FROM object_states WHERE ${state} AND NOT moved
    ) ${about(relation, 'object', sign, own)}
    UNION ALL ${about(relation, 'root', sign, OF_ANOTHER)}
    UNION ALL ${about(relation, 'comment', sign, OF_ANOTHER)};`;

/**
 * Activities between two times in the table that the states of their objects no longer demand, each once. `sign` is what it
 * adds to the visible ones, beside those in `activities`. Without `with_own`, of a deleted object those about other
 * objects only: comments on them, and likes of its comments. Relies on the indexes of hide-activities.
 */
const MISPLACED = `
CREATE OR REPLACE FUNCTION misplaced_activities(from_time timestamptz, to_time timestamptz, with_own boolean)
RETURNS TABLE (at timestamptz, actor_id integer, verb text, object_type text, object_id bigint, target_id integer,
               sign integer)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 100 SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN ${allAbout('deleted', 'activities', -1, 'with_own')} ${allAbout('NOT deleted', 'restored_activities', 1, 'true')}
END $$`;

const groupsFrom = (relation: string) => `
      RETURN QUERY
        SELECT noted.*, found.* FROM unnest(days, actor_ids, verbs, object_types) AS noted (day, actor_id, verb, object_type)
        CROSS JOIN LATERAL (
          SELECT count(*), min(time), (array_agg(object_id ORDER BY time DESC, event_id DESC))[1:3]
          FROM ${relation} AS one
          WHERE one.actor_id = noted.actor_id AND one.verb = noted.verb
            AND one.object_type IS NOT DISTINCT FROM noted.object_type
            AND time >= from_time AND time < from_time + interval '24 hours'
          HAVING count(*) > 0) AS found
        WHERE noted.day = from_time;`;

const groupsFromRows = (statement: string) => `
CREATE OR REPLACE FUNCTION groups_from_rows(days timestamptz[], actor_ids integer[], verbs text[], object_types text[])
RETURNS TABLE (day timestamptz, actor_id integer, verb text, object_type text,
               activities bigint, first_time timestamptz, object_ids bigint[])
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 10 SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  from_time timestamptz;
BEGIN
  FOR from_time IN SELECT DISTINCT unnest(days) LOOP ${statement}
  END LOOP;
END $$`;

/** What reads show, by the states of objects, whether the activities have been moved or not. */
export class VisibleActivities1700000000009 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [VIEWS, COMPLETE_FROM, MISPLACED]) await queryRunner.query(statement);
    await queryRunner.query(
      groupsFromRows(`
    IF EXISTS (SELECT FROM object_states WHERE NOT moved) THEN ${groupsFrom('visible_activities')}
    ELSE ${groupsFrom('activities')}
    END IF;`),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(groupsFromRows(groupsFrom('activities')));
    await queryRunner.query(`
      DROP FUNCTION misplaced_activities, complete_from;
      DROP VIEW visible_activities, restored_activities, kept_activities;`);
  }
}
