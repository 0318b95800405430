import type { ObjectRef, UserId } from '@activity-feed/contracts';
import type { Pool } from 'pg';

/**
 * SQL for whether a row of objects exists for the user `reader`: a deleted object does only for its owner, and only
 * while it can be restored.
 */
export const sqlVisibleTo = (reader: string) =>
  `(objects.deleted_at IS NULL OR (objects.owner_id = ${reader} AND objects.restorable_until > now()))`;

/** SQL for whether an object exists for a reader. Relies on the primary key of objects. */
export const sqlExistsFor = (type: string, id: string, reader: string) =>
  `EXISTS (SELECT FROM objects WHERE objects.type = ${type} AND objects.id = ${id} AND ${sqlVisibleTo(reader)})`;

const EXISTS = { name: 'object-exists', text: `SELECT ${sqlExistsFor('$1', '$2', '$3')} AS exists` };

/** Whether an object exists for `reader`; for nobody in particular if it is undefined. */
export async function existsFor(pool: Pool, { type, id }: ObjectRef, reader: UserId | undefined): Promise<boolean> {
  const { rows } = await pool.query<{ exists: boolean }>({ ...EXISTS, values: [type, id, reader ?? null] });
  return rows[0]?.exists === true;
}
