import type { StreamPosition } from '../consistency-token';
import type { EventTime } from '../event-time';
import type { UserId } from '../identifiers';
import type { ObjectType, Verb } from '../kinds';

/** One entry of a feed, as the API shows it. */
export interface FeedEntry {
  actor_name: string;
  verb: Verb;
  object_id: number | null;
  object_type: ObjectType | null;
  /** Of a comment, whose object is what it comments on; missing for other verbs. */
  comment_id?: number;
  target_name: string | null;
  time: EventTime;
}

export type FeedKind = 'my' | 'friends';
/** Feeds that have pages: `user` is what one user did. */
export type PagedFeed = FeedKind | 'user';

export const PAGE_LIMIT_MAX = 200;
export const PAGE_LIMIT_DEFAULT = 50;
/** Objects that one group of a page names at most. */
export const GROUP_OBJECTS_MAX = 3;
/** Objects in one query at most: as many as a page of groups can name. */
export const OBJECTS_MAX = PAGE_LIMIT_MAX * GROUP_OBJECTS_MAX;

export interface RequiredVersions {
  /** The answer must include these positions; the reader waits for them up to `waitLimit`. */
  atLeast: StreamPosition[];
  /**
   * Those of {@link atLeast} that come from a client and that the gateway has not seen in a service's answer. They may
   * not exist, so the reader does not wait for them: see {@link FEED_STATUSES}. Readers of earlier versions do wait.
   */
  unverified?: StreamPosition[] | undefined;
  /** Milliseconds left to wait; {@link READ_WAIT_LIMIT} if undefined. */
  waitLimit?: number | undefined;
  /** The trace context of the request, or its id, which names its trace. Gateways of earlier versions send none. */
  trace?: string | undefined;
}

/** Whose activities a page has. */
export interface FeedActors {
  feed: PagedFeed;
  reader: UserId;
  /** The user of the feed `user`. */
  of?: UserId | undefined;
}

export interface PageQuery extends RequiredVersions, FeedActors {
  /** 1 to {@link PAGE_LIMIT_MAX}. */
  limit: number;
  /** Cursor from the previous page; undefined for the newest page. */
  cursor?: string | undefined;
  /**
   * Written before the cursor in `next_url`. Empty: the gateway inserts the URL. During a rolling update, gateways of the
   * previous version still send the URL here, and its readers still require the field.
   */
  nextUrl: string;
  /** Whether the answer ends with `newer_url`, the page's {@link FeedPosition}. Gateways of the previous version cannot read it. */
  positioned?: boolean;
}

/** Asks for what has arrived since a position. */
export interface NewerQuery extends RequiredVersions, FeedActors {
  /** 1 to {@link PAGE_LIMIT_MAX}. */
  limit: number;
  since: string;
}

/** Maximum number of reads that wait for a required version in one feed reader; others are answered without it. */
export const WAITING_READS = 256;

/** Statuses of a feed's answer. */
export const FEED_STATUSES = {
  ok: 0,
  /** The answer lacks some of `atLeast`, which did not arrive in time. */
  behind: 1,
  /** The payload is an {@link ErrorCode}. */
  refused: 2,
  /** No answer: some of `unverified` is missing. The gateway must find out whether it exists, and ask again. */
  unverified: 3,
} as const;
