import type { StreamPosition } from '../consistency-token';
import type { EventTime } from '../event-time';
import type { UserId } from '../identifiers';
import type { ObjectType, Verb } from '../kinds';

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

/** What an answer must show at least; it is waited for, within limits. */
export interface RequiredVersions {
  atLeast: StreamPosition[];
  /**
   * Those of {@link atLeast} that a client presented and the gateway has not received from a service: they may not exist.
   * They are not waited for: see {@link FEED_STATUSES}. A reader of an earlier version waits for them as for the others.
   */
  unverified?: StreamPosition[] | undefined;
  /** Milliseconds that are left to wait for it; {@link READ_WAIT} without it. */
  waitLimit?: number | undefined;
}

export interface PageQuery extends RequiredVersions {
  feed: FeedKind;
  reader: UserId;
  /** 1 to {@link PAGE_LIMIT_MAX}. */
  limit: number;
  /** Of the page before; the newest page without it. */
  cursor?: string | undefined;
  /** The URL of the next page up to its cursor, which the feed puts behind it. */
  nextUrl: string;
}

/** How a feed's answer is to be taken. */
export const FEED_STATUSES = {
  ok: 0,
  /** The page lacks something of `atLeast`, which did not come in time. */
  behind: 1,
  /** The payload is an {@link ErrorCode}. */
  refused: 2,
  /** Not answered: something of `unverified` is missing here. The gateway is to find out whether it exists. */
  unverified: 3,
} as const;
