import type { ObjectRef, User } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';

/** Who posted `object`; undefined when there is no such object. Relies on the primary key of objects. */
export async function findOwner(tx: ClientBase, { type, id }: ObjectRef): Promise<User | undefined> {
  const { rows } = await tx.query<User>(
    'SELECT owner_id AS id, owner_name AS name FROM objects WHERE type = $1 AND id = $2',
    [type, id],
  );
  return rows[0];
}
