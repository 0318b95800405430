import type { NewEvent, User } from '@activity-feed/contracts';
import { accept, type Decision, type FurtherEvent, reject, unchanged } from '@activity-feed/eventing';

export interface RequestFacts {
  /** Whether the requester has requested to follow the target. */
  isRequested: boolean;
  follows: boolean;
  /** Whether the requester blocks the target. */
  isBlocked: boolean;
}

type EndCause = NewEvent<'social-graph.follow-request-ended.v1'>['data']['cause'];
type RequestEnded = NewEvent<'social-graph.follow-request-ended.v1'>;

/** Decides whether `target` may accept or decline the request of `requester`, or has made the account public. */
export function decideAnswer(
  { isRequested, follows, isBlocked }: RequestFacts,
  requester: User,
  target: User,
  cause: Extract<EndCause, 'accepted' | 'declined' | 'published'>,
): Decision<RequestEnded> {
  // For whom a user blocks, there is no such user.
  if (!isRequested) return isBlocked && cause !== 'published' ? reject('USER_NOT_FOUND') : unchanged();
  const data = { actor: requester, target };
  const ended: RequestEnded = { type: 'social-graph.follow-request-ended.v1', data: { ...data, cause } };
  if (cause === 'declined' || follows) return accept(ended);
  const followed: FurtherEvent = {
    stream: requester.id,
    event: { type: 'social-graph.user-followed.v1', data: { ...data, cause } },
  };
  return accept(ended, [followed]);
}
