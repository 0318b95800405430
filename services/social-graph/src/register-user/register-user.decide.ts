import type { NewEvent, User } from '@activity-feed/contracts';
import { accept, type Decision, reject } from '@activity-feed/eventing';

/** Decides whether a user may be registered. Names are unique. */
export function decideRegistration(
  nameTaken: boolean,
  actor: User,
): Decision<NewEvent<'social-graph.user-registered.v1'>> {
  if (nameTaken) return reject('NAME_TAKEN');
  return accept({ type: 'social-graph.user-registered.v1', data: { actor } });
}
