import type { Mention, NewEvent, PostedRef, User } from '@activity-feed/contracts';
import { accept, type Decision } from '@activity-feed/eventing';

/** Every user may post. */
export function decidePost(
  actor: User,
  object: PostedRef,
  content: string,
  mentions: Mention[] = [],
): Decision<NewEvent<'activity.object-posted.v1'>> {
  const data = { actor, object: { ...object, content }, ...(mentions.length > 0 && { mentions }) };
  return accept({ type: 'activity.object-posted.v1', data });
}
