import type { EventTime } from '../event-time';
import type { ObjectRef, UserId } from '../identifiers';
import type { EngagementCounts, ObjectType, Verb } from '../kinds';
import type { FeedKind, PageQuery, RequiredVersions } from './feed-queries';

export type GroupsQuery = PageQuery;

/** The activities of one actor with the same verb and object type on one day, as the API shows them. */
export interface ActivityGroup {
  actor_name: string;
  verb: Verb;
  object_type: ObjectType | null;
  count: number;
  /** Up to three, newest first; empty for activities without an object. */
  object_ids: number[];
  /** `2019-02-10`, in UTC. */
  day: string;
  /** Time of the group's first activity. Groups are in this order. It changes if that activity is taken back, or an earlier one arrives. */
  time: EventTime;
}

export const SUMMARY_DAYS_MAX = 366;
export const SUMMARY_DAYS_DEFAULT = 30;

export interface SummaryQuery extends RequiredVersions {
  feed: FeedKind;
  reader: UserId;
  /** 1 to {@link SUMMARY_DAYS_MAX}, including the current day. */
  days: number;
}

export type VerbCounts = Record<Verb, number>;

export interface Summary {
  totals: VerbCounts;
  /** Every day, newest first. */
  days: (VerbCounts & { day: string })[];
}

export const TRENDING_WINDOWS = { '1h': 1, '24h': 24, '7d': 168 } as const;
export type TrendingWindow = keyof typeof TRENDING_WINDOWS;
export const TRENDING_AMONG = ['all', 'friends'] as const;
export type TrendingAmong = (typeof TRENDING_AMONG)[number];
export const TRENDING_LIMIT_MAX = 100;
export const TRENDING_LIMIT_DEFAULT = 20;

export interface TrendingQuery extends RequiredVersions {
  reader: UserId;
  window: TrendingWindow;
  /** Undefined for objects of all types. */
  type?: ObjectType | undefined;
  among: TrendingAmong;
  /** 1 to {@link TRENDING_LIMIT_MAX}. */
  limit: number;
}

/** An object with its engagement in the window, as the API shows it. */
export interface TrendingObject extends EngagementCounts {
  object_type: ObjectType;
  object_id: number;
  owner_name: string;
  score: number;
}

export interface EngagementQuery extends RequiredVersions {
  object: ObjectRef;
}

export type Engagement = EngagementCounts;

export interface EngagementsQuery extends RequiredVersions {
  /** At most {@link OBJECTS_MAX}. */
  objects: ObjectRef[];
}

export const STATS_HOURS_MAX = 168;
export const STATS_HOURS_DEFAULT = 24;

export interface StatsQuery {
  /** 1 to {@link STATS_HOURS_MAX}, the open one included. */
  hours: number;
  /** As in RequiredVersions. */
  trace?: string | undefined;
}

/** What all users did in one way in one hour, as the API shows it. */
export interface HourlyActivity {
  /** The hour's start. */
  hour: EventTime;
  verb: Verb;
  activities: number;
  /** How many users did it. */
  actors: number;
}
