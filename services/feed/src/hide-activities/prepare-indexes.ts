import type { ClientBase } from 'pg';

/** They slow the projector down, so they are created when the first object is deleted. */
const INDEXES = {
  activities_about_object: '(object_type, object_id, time)',
  activities_about_root: '(root_type, root_id, time) WHERE root_id IS NOT NULL',
  activities_about_comment: '(comment_id) WHERE comment_id IS NOT NULL',
};

const MISSING = 'SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NULL';

/** Creates the indexes that find an object's activities. The projector waits meanwhile. */
export async function prepareIndexes(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: keyof typeof INDEXES }>(MISSING, [Object.keys(INDEXES)]);
  for (const { name } of rows) await client.query(`CREATE INDEX ${name} ON activities ${INDEXES[name]}`);
}
