import type { ObjectRef, UserId } from '@activity-feed/contracts';
import type { Pool } from 'pg';

/**
 * SQL for whether a row of objects is a comment on a deleted object. Relies on the primary keys of comments and objects;
 * other objects than comments look nothing up.
 */
export const ROOT_DELETED = `(objects.type = 'comment' AND EXISTS (
  SELECT FROM comments JOIN objects AS root ON root.type = root_type AND root.id = root_id
  WHERE comments.id = objects.id AND root.deleted_at IS NOT NULL))`;

/** SQL for whether a row of objects exists for everybody. A comment on a deleted object is as if deleted itself. */
export const LIVING = `(objects.deleted_at IS NULL AND NOT ${ROOT_DELETED})`;

/**
 * SQL for whether a row of objects exists for the user `reader`: a deleted object does only for its owner, and only
 * while it can be restored. A comment on a deleted object does for nobody.
 */
export const sqlVisibleTo = (reader: string) =>
  `((objects.deleted_at IS NULL OR (objects.owner_id = ${reader} AND objects.restorable_until > now()))
    AND NOT ${ROOT_DELETED})`;

const sqlExists = (type: string, id: string, condition: string) =>
  `EXISTS (SELECT FROM objects WHERE objects.type = ${type} AND objects.id = ${id} AND ${condition})`;

/** SQL for whether an object exists for a reader. Relies on the primary key of objects. */
export const sqlExistsFor = (type: string, id: string, reader: string) => sqlExists(type, id, sqlVisibleTo(reader));

/** SQL for whether the activities about an object are listed: those of a deleted object are not, not even for its owner. */
export const sqlIsLiving = (type: string, id: string) => sqlExists(type, id, LIVING);

/** SQL for whether the replies to a comment are listed: also those to a deleted one, unless what they hang on is deleted. */
export const sqlRootIsLiving = (id: string) => sqlExists("'comment'", id, `NOT ${ROOT_DELETED}`);

const EXISTS = { name: 'object-exists', text: `SELECT ${sqlExistsFor('$1', '$2', '$3')} AS exists` };

/** Whether an object exists for `reader`; for nobody in particular if it is undefined. */
export async function existsFor(pool: Pool, { type, id }: ObjectRef, reader: UserId | undefined): Promise<boolean> {
  const { rows } = await pool.query<{ exists: boolean }>({ ...EXISTS, values: [type, id, reader ?? null] });
  return rows[0]?.exists === true;
}
