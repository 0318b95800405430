import type { EventType } from '../events';
import { OBJECT_TYPES, type ObjectType, POSTED_TYPES } from './object-types';

export interface VerbDefinition {
  /** 0 to 31. Stored in cursors and in the feed's index: never change it or reuse it for another verb. */
  readonly code: number;
  /** The type of the event that records it. */
  readonly event: EventType;
  /** Allowed object types, which the gateway checks; empty for an activity without an object. */
  readonly objectTypes: readonly ObjectType[];
  /** The type of the object that the activity adds to the one it is about; undefined for most verbs. */
  readonly adds?: ObjectType;
  /** Whether the event has a target: the owner of the object, or the followed or unfollowed user. */
  readonly hasTarget: boolean;
  /** Whether the actor follows the target afterwards; undefined if the verb does not change that. */
  readonly follows?: boolean;
  /** Undefined if the verb does not count as engagement with its object. */
  readonly engagement?: Engagement;
  /** How an actor takes it back; undefined if that is not possible. */
  readonly undo?: Undo;
}

interface Undo {
  /** The verb in the API; not an activity of its own. */
  readonly verb: string;
  /** The type of the event that records it. */
  readonly event: EventType;
}

interface Engagement {
  /** Name of the count in the API and in the database. */
  readonly count: string;
  /** What one activity adds to the object's trending score. */
  readonly points: number;
}

/** For a new verb see CONTRIBUTING.md. */
export const VERB = {
  post: { code: 0, event: 'activity.object-posted.v1', objectTypes: POSTED_TYPES, hasTarget: false },
  like: {
    code: 1,
    event: 'activity.object-liked.v1',
    objectTypes: OBJECT_TYPES,
    hasTarget: true,
    engagement: { count: 'likes', points: 1 },
    undo: { verb: 'unlike', event: 'activity.object-unliked.v1' },
  },
  share: {
    code: 2,
    event: 'activity.object-shared.v1',
    objectTypes: POSTED_TYPES,
    hasTarget: true,
    // Twice a like: sharing shows the object to others.
    engagement: { count: 'shares', points: 2 },
    undo: { verb: 'unshare', event: 'activity.object-unshared.v1' },
  },
  follow: { code: 3, event: 'social-graph.user-followed.v1', objectTypes: [], hasTarget: true, follows: true },
  unfollow: { code: 4, event: 'social-graph.user-unfollowed.v1', objectTypes: [], hasTarget: true, follows: false },
  comment: {
    code: 5,
    event: 'activity.comment-posted.v1',
    objectTypes: POSTED_TYPES,
    adds: 'comment',
    hasTarget: true,
    engagement: { count: 'comments', points: 2 },
  },
} as const satisfies Record<string, VerbDefinition>;
