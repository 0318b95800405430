import type { StreamPosition } from '../consistency-token';
import type { EventTime } from '../event-time';
import type { ObjectType, UserId } from '../identifiers';

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

/** What an answer must show at least; it is waited for, within limits. */
export interface RequiredVersions {
  atLeast: StreamPosition[];
  /**
   * Those of {@link atLeast} that a client presented and the gateway has not received from a service: they may not exist.
   * They are not waited for: see {@link FEED_STATUSES}. A reader of an earlier version waits for them as for the others.
   */
  unverified?: StreamPosition[] | undefined;
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

/** What the gateway can ask of a feed over the link. */
export const FEED_OPERATIONS = {
  /** A {@link PageQuery} as JSON; answered with the bytes of the whole page as the API shows it. */
  page: 1,
  /** No payload; answered with a {@link HealthStatus}. */
  ping: 2,
  /** A GroupsQuery; answered with the bytes of the whole page. */
  groups: 3,
  /** A SummaryQuery; answered with `{"my_summary":…}` or `{"friends_summary":…}`. */
  summary: 4,
  /** A TrendingQuery; answered with `{"trending":[…]}`. */
  trending: 5,
  /** An EngagementQuery; answered with an Engagement. */
  engagement: 6,
} as const;

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
