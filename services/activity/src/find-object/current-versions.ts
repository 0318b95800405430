import { type EventTime, type ObjectRef, sqlEventTime, type UserId } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';

/** The version of an object that everybody reads. */
export interface CurrentVersion {
  ownerId: UserId;
  content: string;
  /** Counted from 1. */
  revision: number;
  /** Null if the object was never edited. */
  editedAt: EventTime | null;
}

/** Relies on the primary key of objects. */
const CURRENT = {
  name: 'find-current-versions',
  text: `
SELECT owner_id AS "ownerId", content, revision, ${sqlEventTime('edited_at')} AS "editedAt"
FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS wanted(type, id, place)
LEFT JOIN objects USING (type, id) ORDER BY place`,
};

/**
 * The current version of each of `objects`; undefined for an object that does not exist. Only its owner's commands
 * change it: under the lock of the owner's stream it stays as read.
 */
export async function findCurrentVersions(
  tx: ClientBase,
  objects: readonly ObjectRef[],
): Promise<(CurrentVersion | undefined)[]> {
  const { rows } = await tx.query<CurrentVersion | { ownerId: null }>(CURRENT, [
    objects.map(({ type }) => type),
    objects.map(({ id }) => id),
  ]);
  return rows.map((row) => (row.ownerId === null ? undefined : row));
}
