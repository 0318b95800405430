import type { EventTime } from '../event-time';
import type { UserId } from '../identifiers';
import type { NotificationVerb, ObjectType } from '../kinds';
import type { KeptFeed, Marks } from '../marks';
import { type Answer, message } from '../message';
import type { RequiredVersions } from './feed-queries';

/** What others did about a user or something of the user, by verb, object and day, as the API shows it. */
export interface NotificationGroup {
  /** Of the group and its newest member. */
  id: string;
  /** Of the group alone. */
  group: string;
  verb: NotificationVerb;
  /** The user's object. Of a mention, what has it; null if the verb is about people alone. */
  object_type: ObjectType | null;
  object_id: number | null;
  /** Of a comment or reply: the newest one. Otherwise null. */
  comment_id: number | null;
  /** Newest first, each once, {@link NOTIFICATION_NAMES_MAX} at most. */
  actor_names: string[];
  /** Exact up to {@link NOTIFICATION_MEMBERS_MAX}. */
  count: number;
  /** If there are more than `count`. */
  more?: true;
  /** In UTC, as YYYY-MM-DD. */
  day: string;
  /** Of the newest member. */
  time: EventTime;
  seen: boolean;
  read: boolean;
}

/** How many of a user's groups are not seen, and not read: exact up to {@link NOTIFICATION_GROUPS_MAX}. */
export interface UnmarkedGroups {
  unseen: number;
  unread: number;
  /** If there are more of one of them. */
  more?: true;
}

export const NOTIFICATION_NAMES_MAX = 3;
export const NOTIFICATION_MEMBERS_MAX = 1_000;
export const NOTIFICATION_GROUPS_MAX = 100;

export interface UnmarkedQuery extends RequiredVersions {
  reader: UserId;
}

export interface NotificationsQuery extends UnmarkedQuery {
  /** 1 to {@link PAGE_LIMIT_MAX}. */
  limit: number;
  /** Cursor from the previous page; undefined for the newest page. */
  cursor?: string | undefined;
  /** As in {@link PageQuery}. */
  positioned?: boolean;
}

/** Asks for the notifications that have grown since a position. */
export interface NewerNotificationsQuery extends UnmarkedQuery {
  /** 1 to {@link PAGE_LIMIT_MAX}. */
  limit: number;
  since: string;
}

/** Asks for what a user marks: everything, what is listed from the notification `until` on, or the notifications `ids`. */
export interface MarkQuery extends RequiredVersions {
  reader: UserId;
  until?: string | undefined;
  /** 1 to {@link MARKED_IDS_MAX}. */
  ids?: string[] | undefined;
}

export const MARKED_IDS_MAX = 200;

/** What a user marks. */
export interface Mark {
  /** Everything before it. */
  until?: string;
  /** What the groups have before each position. */
  groups?: Marks['groups'];
}

/** How far a user has read a list: a FeedPosition, or null if nothing was kept. */
export const FindReadPosition = message<{ reader: UserId; feed: KeptFeed }, Answer<{ position: string | null }>>(
  'activity.find-read-position',
);
