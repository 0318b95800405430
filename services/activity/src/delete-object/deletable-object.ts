import {
  type By,
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
import { ROOT_DELETED } from '../find-object/visible-to';

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
  /** Whether that is deleted. */
  rootDeleted: boolean;
}

/** What somebody is to an object. */
export interface Standing {
  isOwner: boolean;
  /** The owner, the owner of what a comment hangs on, and whoever has the admin key. */
  mayDelete: boolean;
  /** Whether they may know that the object is deleted: its owner, who deleted it, and whoever has the admin key. */
  mayKnow: boolean;
  /** Whether they have deleted it. */
  isDeleter: boolean;
}

export function standingOf(by: By, { owner, root, deletion }: DeletableObject): Standing {
  const isOwner = by !== 'admin' && by.id === owner.id;
  const isDeleter = deletion !== undefined && deletion.by === (by === 'admin' ? null : by.id);
  const mayDelete = isOwner || by === 'admin' || by.id === root?.root_owner.id;
  return { isOwner, mayDelete, isDeleter, mayKnow: isOwner || by === 'admin' || isDeleter };
}

/** Relies on the primary keys of objects and comments. */
const DELETABLE = {
  name: 'find-deletable-objects',
  text: `
SELECT owner_id AS "ownerId", owner_name AS "ownerName", content, revision, ${CURRENT_MENTIONS} AS mentions,
       ${sqlEventTime('created_at')} AS "createdAt", deleted_at IS NOT NULL AS deleted, deleted_by AS "deletedBy",
       ${sqlEventTime('restorable_until')} AS "restorableUntil", restorable_until <= clock_timestamp() AS "isFinal",
       ${ROOT_DELETED} AS "rootDeleted"
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
 * The object of each command; undefined for one that does not exist. Only commands on its owner's stream change it:
 * under the lock of that stream it stays as read. What a comment hangs on may be deleted or restored meanwhile.
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
  const { ownerId: _, ownerName, deleted, deletedBy, restorableUntil, isFinal, ...object } = row;
  return {
    ...object,
    owner: { id: ownerId, name: ownerName },
    deletion: deleted ? { by: deletedBy, restorableUntil, isFinal } : undefined,
  };
}
