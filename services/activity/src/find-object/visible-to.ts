import type { ObjectRef, UserId } from '@activity-feed/contracts';
import type { Pool } from 'pg';

/** SQL for whether a row of objects, under the name `row`, is deleted for the user `reader`. */
const sqlHidden = (row: string, reader: string) =>
  `(${row}.deleted_at IS NOT NULL AND (${row}.owner_id = ${reader} AND ${row}.restorable_until > now()) IS NOT TRUE)`;

/**
 * SQL for whether a row of objects is a comment on an object of which `condition` is true. Relies on the primary keys of
 * comments and objects; other objects than comments look nothing up.
 */
export const sqlRootIs = (condition: (root: string) => string) => `(objects.type = 'comment' AND EXISTS (
  SELECT FROM comments JOIN objects AS root ON root.type = root_type AND root.id = root_id
  WHERE comments.id = objects.id AND ${condition('root')}))`;

/**
 * SQL for whether a row of objects exists for the user `reader`: a deleted object does only for its owner, and only
 * while it can be restored. A comment on a deleted object is as if deleted itself.
 */
export const sqlVisibleTo = (reader: string) =>
  `(NOT ${sqlHidden('objects', reader)} AND NOT ${sqlRootIs((root) => sqlHidden(root, reader))})`;

/** SQL for whether an object exists for a reader. Relies on the primary key of objects. */
export const sqlExistsFor = (type: string, id: string, reader: string) =>
  `EXISTS (SELECT FROM objects WHERE objects.type = ${type} AND objects.id = ${id} AND ${sqlVisibleTo(reader)})`;

const EXISTS = { name: 'object-exists', text: `SELECT ${sqlExistsFor('$1', '$2', '$3')} AS exists` };

/** Whether an object exists for `reader`; for nobody in particular if it is undefined. */
export async function existsFor(pool: Pool, { type, id }: ObjectRef, reader: UserId | undefined): Promise<boolean> {
  const { rows } = await pool.query<{ exists: boolean }>({ ...EXISTS, values: [type, id, reader ?? null] });
  return rows[0]?.exists === true;
}
