import { type EventTime, type Mention, type ObjectCommand, sqlEventTime, type UserId } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import { findRoots, type Root } from './find-roots';
import { sqlVisibleTo } from './visible-to';

/** The version of an object that everybody reads. */
export interface CurrentVersion {
  ownerId: UserId;
  content: string;
  /** Counted from 1. */
  revision: number;
  /** Null if there are none. */
  mentions: Mention[] | null;
  /** Null if the object was never edited. */
  editedAt: EventTime | null;
  /** If the object is a comment. */
  root?: Root | undefined;
}

/**
 * The mentions of an object's current version, as JSON; null if it has none. An instance of the version before mentions
 * may have edited the object since they were written.
 */
export const CURRENT_MENTIONS = 'CASE WHEN objects.mentions_revision = objects.revision THEN objects.mentions END';

/** Relies on the primary key of objects. */
const CURRENT = {
  name: 'find-current-versions',
  text: `
SELECT owner_id AS "ownerId", content, revision, ${CURRENT_MENTIONS} AS mentions, ${sqlEventTime('edited_at')} AS "editedAt"
FROM unnest($1::text[], $2::bigint[], $3::int[]) WITH ORDINALITY AS wanted(type, id, actor, place)
LEFT JOIN objects ON objects.type = wanted.type AND objects.id = wanted.id AND ${sqlVisibleTo('wanted.actor')}
ORDER BY place`,
};

/**
 * The current version of each command's object; undefined for an object that does not exist for the command's actor.
 * Only its owner's commands change it: under the lock of the owner's stream it stays as read.
 */
export async function findCurrentVersions(
  tx: ClientBase,
  commands: readonly Pick<ObjectCommand, 'actor' | 'object'>[],
): Promise<(CurrentVersion | undefined)[]> {
  const objects = commands.map(({ object }) => object);
  const values = [objects.map(({ type }) => type), objects.map(({ id }) => id), commands.map(({ actor }) => actor.id)];
  const [{ rows }, roots] = await Promise.all([
    tx.query<CurrentVersion | { ownerId: null }>(CURRENT, values),
    findRoots(tx, objects),
  ]);
  return rows.map((row, index) => (row.ownerId === null ? undefined : { ...row, root: roots[index] }));
}
