import {
  definitionOfVerb,
  type EventData,
  type NewEvent,
  type ObjectRef,
  type UndoVerb,
  type User,
  undoneBy,
} from '@activity-feed/contracts';
import { accept, type Decision, reject, unchanged } from '@activity-feed/eventing';
import type { Root } from '../find-object/find-roots';

export type UndoEvent = NewEvent<'activity.object-unliked.v1' | 'activity.object-unshared.v1'>;
/** What an event takes back: a like, or all shares. */
export type Undone = EventData<UndoEvent['type']>['undone'];

export interface UndoFacts {
  owner: User | undefined;
  /** Whether the object is deleted: then only what exists can still be taken back. */
  deleted?: boolean | undefined;
  /** Undefined if there is nothing to take back. */
  undone: Undone | undefined;
  /** If the object is a comment. */
  root?: Root | undefined;
}

/** Decides whether `actor` takes back their like of `object`, or all their shares of it. */
export function decideUndo(
  { owner, deleted, undone, root }: UndoFacts,
  verb: UndoVerb,
  actor: User,
  object: ObjectRef,
): Decision<UndoEvent> {
  if (!owner || (deleted && !undone)) return reject('OBJECT_NOT_FOUND');
  if (!undone) return unchanged();
  const type = definitionOfVerb(undoneBy(verb)).undo?.event;
  return accept({ type, data: { actor, object, target: owner, ...root, undone } } as UndoEvent);
}
