import type { EventTime, Mention, NewEvent, ObjectRef, User, UserId } from '@activity-feed/contracts';
import { accept, type Decision, reject, unchanged } from '@activity-feed/eventing';
import type { CurrentVersion } from '../find-object/current-versions';

export interface EditFacts {
  current: CurrentVersion | undefined;
  /** Those of the newly mentioned users whom an earlier version mentioned, also one that was removed. */
  mentionedBefore: ReadonlySet<UserId>;
}

/** Decides whether `actor` may give `object` a new `content`, and whom to notify. The same content is no edit. */
export function decideEdit(
  { current, mentionedBefore }: EditFacts,
  actor: User,
  object: ObjectRef,
  content: string,
  mentions: Mention[] = [],
): Decision<NewEvent<'activity.object-edited.v1'>, EventTime | null> {
  if (!current) return reject('OBJECT_NOT_FOUND');
  if (current.ownerId !== actor.id) return reject('NOT_OWNER');
  if (current.content === content) return unchanged(current.editedAt);
  const notify = usersOf(mentions).filter(({ id }) => id !== actor.id && !mentionedBefore.has(id));
  return accept({
    type: 'activity.object-edited.v1',
    data: {
      actor,
      object: { ...object, content },
      revision: current.revision + 1,
      ...current.root,
      ...(mentions.length > 0 && { mentions }),
      ...(notify.length > 0 && { notify }),
    },
  });
}

/** Each once, in the order of their first mention. */
const usersOf = (mentions: Mention[]): User[] => [
  ...new Map(mentions.map(({ user }) => [user.id, user] as const)).values(),
];
