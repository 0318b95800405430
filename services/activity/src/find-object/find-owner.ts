import type { ObjectRef, User, UserId } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';

/** Relies on the primary key of objects. */
const OWNERS = {
  name: 'find-owners',
  text: `
SELECT owner_id AS id, owner_name AS name
FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS wanted(type, id, place)
LEFT JOIN objects USING (type, id) ORDER BY place`,
};

/** The owner of each of `objects`; undefined for an object that does not exist. */
export async function findOwners(tx: ClientBase, objects: readonly ObjectRef[]): Promise<(User | undefined)[]> {
  const { rows } = await tx.query<{ id: UserId | null; name: string }>(OWNERS, [
    objects.map(({ type }) => type),
    objects.map(({ id }) => id),
  ]);
  return rows.map(({ id, name }) => (id === null ? undefined : { id, name }));
}
