import { definitionOfVerb, type NewEvent, type ObjectRef, type ObjectVerb, type User } from '@activity-feed/contracts';
import { accept, type Decision, reject } from '@activity-feed/eventing';

/** Decides whether `actor` may do `verb` to `object`. Repeating it is allowed. */
export function decideActOnObject(
  owner: User | undefined,
  verb: ObjectVerb,
  actor: User,
  object: ObjectRef,
): Decision<NewEvent> {
  if (!owner) return reject('OBJECT_NOT_FOUND');
  return accept({ type: definitionOfVerb(verb).event, data: { actor, object, target: owner } } as NewEvent);
}
