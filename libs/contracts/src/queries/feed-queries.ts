import type { StreamPosition } from '../consistency-token';
import type { EventTime } from '../event-time';
import type { ObjectType, UserId } from '../identifiers';
import { type Answer, message } from '../message';

export const VERBS = ['post', 'like', 'share', 'follow', 'unfollow'] as const;
export type Verb = (typeof VERBS)[number];

/** One line of a feed, as the API shows it; `null` where an activity has none. */
export interface FeedEntry {
  actor_name: string;
  verb: Verb;
  object_id: number | null;
  object_type: ObjectType | null;
  target_name: string | null;
  time: EventTime;
}

export type FeedKind = 'my' | 'friends';

export const PAGE_LIMIT_MAX = 200;
export const PAGE_LIMIT_DEFAULT = 50;

export interface ReadFeedQuery {
  feed: FeedKind;
  reader: UserId;
  /** 1 to {@link PAGE_LIMIT_MAX}. */
  limit: number;
  /** Of the page before; the newest page without it. */
  cursor?: string;
  /** What the page must show at least; waited for, within limits. */
  atLeast: StreamPosition[];
}

export interface FeedPage {
  /** Newest first by (time, event id). */
  entries: FeedEntry[];
  /** Where the next page begins; null on the last. */
  nextCursor: string | null;
  /** Whether something of `atLeast` was not there in time. */
  behind: boolean;
}

export const ReadFeed = message<ReadFeedQuery, Answer<FeedPage>>('feed.read-feed');
