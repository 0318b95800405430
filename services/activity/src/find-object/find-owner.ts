import type { ObjectRef, User, UserId } from '@activity-feed/contracts';
import type { ClientBase, Pool } from 'pg';
import { LIVING } from './visible-to';

/** Relies on the primary keys of objects and comments. */
const OWNERS = {
  name: 'find-owners',
  text: `
SELECT owner_id AS id, owner_name AS name, NOT ${LIVING} AS deleted
FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS wanted(type, id, place)
LEFT JOIN objects USING (type, id) ORDER BY place`,
};

export interface Ownership {
  owner: User;
  /** Whether the object, or the one that it comments on, is deleted. */
  deleted: boolean;
}

/** The owner of each of `objects`, of deleted ones too; undefined for an object that does not exist. */
export async function findOwnerships(
  tx: ClientBase | Pool,
  objects: readonly ObjectRef[],
): Promise<(Ownership | undefined)[]> {
  const { rows } = await tx.query<{ id: UserId | null; name: string; deleted: boolean }>(OWNERS, [
    objects.map(({ type }) => type),
    objects.map(({ id }) => id),
  ]);
  return rows.map(({ id, name, deleted }) => (id === null ? undefined : { owner: { id, name }, deleted }));
}

/** Relies on the primary keys of objects and comments. */
const ALL_OWNERS = {
  name: 'find-all-owners',
  text: `
SELECT objects.owner_id AS owner, root.owner_id AS "rootOwner"
FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS wanted(type, id, place)
LEFT JOIN objects USING (type, id)
LEFT JOIN comments ON wanted.type = 'comment' AND comments.id = wanted.id
LEFT JOIN objects AS root ON root.type = root_type AND root.id = root_id
ORDER BY place`,
};

/** The owner of each of `objects` and, of a comment, of what it comments on; null for an object that does not exist. */
export async function findAllOwners(pool: Pool, objects: readonly ObjectRef[]): Promise<(UserId[] | null)[]> {
  const values = [objects.map(({ type }) => type), objects.map(({ id }) => id)];
  const { rows } = await pool.query<{ owner: UserId | null; rootOwner: UserId | null }>(ALL_OWNERS, values);
  return rows.map(({ owner, rootOwner }) => {
    if (owner === null) return null;
    return rootOwner === null ? [owner] : [owner, rootOwner];
  });
}

/** The owner of each of `objects`; undefined for an object that does not exist or is deleted. */
export async function findOwners(tx: ClientBase, objects: readonly ObjectRef[]): Promise<(User | undefined)[]> {
  const found = await findOwnerships(tx, objects);
  return found.map((ownership) => (ownership?.deleted ? undefined : ownership?.owner));
}
