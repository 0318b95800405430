import type { NewEvent, PostedRef, User } from '@activity-feed/contracts';
import { accept, type Decision } from '@activity-feed/eventing';

/** Every user may post. */
export function decidePost(
  actor: User,
  object: PostedRef,
  content: string,
): Decision<NewEvent<'activity.object-posted.v1'>> {
  return accept({ type: 'activity.object-posted.v1', data: { actor, object: { ...object, content } } });
}
