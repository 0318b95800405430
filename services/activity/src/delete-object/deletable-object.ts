import {
  type EventTime,
  type Mention,
  type ObjectRef,
  sqlEventTime,
  type User,
  type UserId,
} from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import { CURRENT_MENTIONS } from '../find-object/current-versions';
import { findRoots, type Root } from '../find-object/find-roots';

export interface Deletion {
  /** Null for whoever has the admin key. */
  by: UserId | null;
  restorableUntil: EventTime;
  /** Whether that time has passed. */
  isFinal: boolean;
}

/** An object as deleting and restoring it needs it. */
export interface DeletableObject {
  owner: User;
  content: string;
  revision: number;
  mentions: Mention[] | null;
  createdAt: EventTime;
  /** Undefined if it is not deleted. */
  deletion: Deletion | undefined;
  /** If the object is a comment. */
  root?: Root | undefined;
}

/** Relies on the primary key of objects. */
const DELETABLE = {
  name: 'find-deletable-objects',
  text: `
SELECT owner_id AS "ownerId", owner_name AS "ownerName", content, revision, ${CURRENT_MENTIONS} AS mentions,
       ${sqlEventTime('created_at')} AS "createdAt", deleted_at IS NOT NULL AS deleted, deleted_by AS "deletedBy",
       ${sqlEventTime('restorable_until')} AS "restorableUntil", restorable_until <= clock_timestamp() AS "isFinal"
FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS wanted(type, id, place)
LEFT JOIN objects USING (type, id) ORDER BY place`,
};

interface Row extends Omit<DeletableObject, 'owner' | 'deletion'> {
  ownerId: UserId | null;
  ownerName: string;
  deleted: boolean;
  deletedBy: UserId | null;
  restorableUntil: EventTime;
  isFinal: boolean;
}

/**
 * The object of each command; undefined for one that does not exist. Only commands on its owner's stream change it: under the
 * lock of that stream it stays as read.
 */
export async function findDeletable(
  tx: ClientBase,
  commands: readonly { object: ObjectRef }[],
): Promise<(DeletableObject | undefined)[]> {
  const objects = commands.map(({ object }) => object);
  const values = [objects.map(({ type }) => type), objects.map(({ id }) => id)];
  const [{ rows }, roots] = await Promise.all([tx.query<Row>(DELETABLE, values), findRoots(tx, objects)]);
  return rows.map((row, index) =>
    row.ownerId === null ? undefined : { ...toDeletable(row, row.ownerId), root: roots[index] },
  );
}

function toDeletable(row: Row, ownerId: UserId): DeletableObject {
  const { ownerName, deleted, deletedBy, restorableUntil, isFinal, content, revision, mentions, createdAt } = row;
  return {
    owner: { id: ownerId, name: ownerName },
    content,
    revision,
    mentions,
    createdAt,
    deletion: deleted ? { by: deletedBy, restorableUntil, isFinal } : undefined,
  };
}
