import type { EventType } from '../events';
import { OBJECT_TYPES, type ObjectType } from './object-types';

/** Everything that the system asks about a verb. */
export interface VerbDefinition {
  /** Stands for the verb in cursors and in the feed's memory: 0 to 31, never changed and never used for another verb. */
  readonly code: number;
  /** The type of the event that records it. */
  readonly event: EventType;
  /** Types of the objects that it may be about; none for an activity without an object. */
  readonly objectTypes: readonly ObjectType[];
  /** Whether it concerns another user: the owner of its object, or the user it names where there is no object. */
  readonly hasTarget: boolean;
  /** Whether the actor follows the target from then on; undefined where it changes nothing about that. */
  readonly follows?: boolean;
  /** How it counts for its object; undefined where it does not. */
  readonly engagement?: Engagement;
}

interface Engagement {
  /** The name of the count in the API and in the database. */
  readonly count: string;
  /** What one adds to the object's score in trends. */
  readonly points: number;
}

/** Every verb. CONTRIBUTING.md lists what else a new one needs. */
export const VERB = {
  post: { code: 0, event: 'activity.object-posted.v1', objectTypes: OBJECT_TYPES, hasTarget: false },
  like: {
    code: 1,
    event: 'activity.object-liked.v1',
    objectTypes: OBJECT_TYPES,
    hasTarget: true,
    engagement: { count: 'likes', points: 1 },
  },
  share: {
    code: 2,
    event: 'activity.object-shared.v1',
    objectTypes: OBJECT_TYPES,
    hasTarget: true,
    // Sharing an object shows it to others.
    engagement: { count: 'shares', points: 2 },
  },
  follow: { code: 3, event: 'social-graph.user-followed.v1', objectTypes: [], hasTarget: true, follows: true },
  unfollow: { code: 4, event: 'social-graph.user-unfollowed.v1', objectTypes: [], hasTarget: true, follows: false },
} as const satisfies Record<string, VerbDefinition>;
