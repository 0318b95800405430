import type { ObjectRef, PostedRef, PostedType, User, UserId } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';

/** What a comment hangs on, as events about the comment have it. */
export interface Root {
  root: PostedRef;
  root_owner: User;
}

/** Relies on the primary keys of comments and objects. */
const ROOTS = {
  name: 'find-roots',
  text: `
SELECT root.type, root.id, owner_id AS "ownerId", owner_name AS "ownerName"
FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted(id, place)
LEFT JOIN comments ON comments.id = wanted.id
LEFT JOIN objects AS root ON root.type = root_type AND root.id = root_id
ORDER BY place`,
};

interface RootRow {
  type: PostedType;
  id: number;
  ownerId: UserId;
  ownerName: string;
}

/** The root of each of `objects` that is a comment; undefined for other objects. */
export async function findRoots(tx: ClientBase, objects: readonly ObjectRef[]): Promise<(Root | undefined)[]> {
  const ids = objects.map(({ type, id }) => (type === 'comment' ? id : null));
  if (ids.every((id) => id === null)) return ids.map(() => undefined);
  const { rows } = await tx.query<RootRow | { id: null }>(ROOTS, [ids]);
  return rows.map((row) => (row.id === null ? undefined : toRoot(row)));
}

const toRoot = ({ type, id, ownerId, ownerName }: RootRow): Root => ({
  root: { type, id },
  root_owner: { id: ownerId, name: ownerName },
});
