import type { MigrationInterface, QueryRunner } from 'typeorm';

const GROUP = 'actor_id, verb, object_type';

const IN_RANGE = 'time >= since AND time < to_time';
const isClosed = (owner: string) => `EXISTS (
        SELECT FROM closed_accounts AS closed
        WHERE closed.user_id = ${owner} AND (closed.suspended OR closed.user_id <> ALL (known)))`;

const groupsOf = (name: string, parameters: string, rows: string) => `
CREATE OR REPLACE FUNCTION ${name}(from_time timestamptz, to_time timestamptz, actors integer[], users integer[]${parameters})
RETURNS TABLE (day timestamptz, actor_id integer, verb text, object_type text, activities bigint)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100 SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  since timestamptz := greatest(from_time, nullif(notes_apply_from(), 'infinity'));
BEGIN
  RETURN QUERY
    SELECT date_trunc('day', time, 'UTC'), actor_id, verb, object_type, count(*) FROM (${rows}) AS found GROUP BY 1, 2, 3, 4;
END $$`;

/**
 * Activities of actors that are about other users, by group: about `users`, and about closed accounts of others than
 * `known`. With continuous aggregates only of days whose activities are all kept. Functions with a generic plan, because
 * planning takes longer for each chunk than reading.
 */
const FUNCTIONS = [
  groupsOf(
    'groups_about_users',
    '',
    `
      SELECT time, ${GROUP} FROM activities
      WHERE target_id = ANY (users) AND ${IN_RANGE} AND (actor_id IN (SELECT unnest(actors))) IS TRUE
      UNION ALL
      SELECT time, ${GROUP} FROM activities
      WHERE root_owner_id = ANY (users) AND ${IN_RANGE} AND (actor_id IN (SELECT unnest(actors))) IS TRUE
        AND (target_id IN (SELECT unnest(users))) IS NOT TRUE`,
  ),
  groupsOf(
    'groups_about_closed_accounts',
    ', known integer[]',
    `
      SELECT time, ${GROUP} FROM activities
      WHERE actor_id = ANY (actors) AND ${IN_RANGE} AND (${isClosed('target_id')} OR ${isClosed('root_owner_id')})
        AND (target_id IN (SELECT unnest(users))) IS NOT TRUE AND (root_owner_id IN (SELECT unnest(users))) IS NOT TRUE`,
  ),
];

export class GroupsAboutOwners1700000000016 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of FUNCTIONS) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP FUNCTION groups_about_users, groups_about_closed_accounts');
  }
}
