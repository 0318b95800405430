import type { NewEvent, User } from '@activity-feed/contracts';
import { accept, type Decision, reject, unchanged } from '@activity-feed/eventing';

/** How often a user can make the account private or public in 24 hours. */
export const MAX_PRIVACY_CHANGES = 6;

export interface PrivacyFacts {
  isPrivate: boolean;
  /** In the last 24 hours. */
  changes: number;
}

/** Decides whether `actor` may make the account private, or public. */
export function decidePrivacy(
  { isPrivate, changes }: PrivacyFacts,
  actor: User,
  wanted: boolean,
): Decision<NewEvent<'social-graph.user-privacy-changed.v1'>> {
  if (isPrivate === wanted) return unchanged();
  if (changes >= MAX_PRIVACY_CHANGES) return reject('TOO_SOON');
  return accept({ type: 'social-graph.user-privacy-changed.v1', data: { actor, private: wanted } });
}
