import type { MuteOnly } from '../commands/social-graph-commands';
import type { EventTime } from '../event-time';
import type { User, UserId } from '../identifiers';
import { type Answer, message } from '../message';

export interface UserProfile extends User {
  /** Services of earlier versions do not send it: all accounts are public then. */
  private?: boolean;
  followIds: UserId[];
  createdAt: EventTime;
  updatedAt: EventTime;
}

export const FindUser = message<{ id: UserId }, Answer<UserProfile>>('social-graph.find-user');

/** Those of the named users who exist, in any order. */
export const FindUsers = message<{ names: string[] }, Answer<User[]>>('social-graph.find-users');

export interface NamesQuery {
  prefix: string;
  reader: UserId;
  limit: number;
  /** `next` of the previous page; undefined for the first page. */
  cursor?: string | undefined;
}

export interface NamesPage {
  names: string[];
  /** Cursor of the next page; undefined on the last page. */
  next?: string | undefined;
}

/** The names that begin with `prefix`, in the order of their characters' codes, without users who block the reader or are suspended. Fails with CURSOR_INVALID. */
export const FindNames = message<NamesQuery, Answer<NamesPage>>('social-graph.find-names');

/** What others may know about a user, as `reader` sees it. */
export interface Profile {
  user: User;
  createdAt: EventTime;
  followers: number;
  following: number;
  /** Whether the reader follows the user. */
  isFollowed: boolean;
  /** Whether the user follows the reader. */
  isFollower: boolean;
  /** Services of earlier versions do not send these two. */
  isPrivate?: boolean;
  /** Whether the reader has requested to follow the user, who has not answered yet. */
  isRequested?: boolean;
  /** Whether the reader blocks the user. */
  isBlocked: boolean;
  /** What the reader mutes. */
  mutes: { all: boolean; shares: boolean };
}

/**
 * Fails with USER_NOT_FOUND, also if the user is suspended, or blocks the reader, unless the reader blocks the user too.
 */
export const FindProfile = message<{ name: string; reader: UserId }, Answer<Profile>>('social-graph.find-profile');

/** A list of a user: the followers, or whom the user follows. */
export type FollowList = 'followers' | 'following';

export interface FollowsQuery {
  list: FollowList;
  /** The user's name. */
  name: string;
  reader: UserId;
  limit: number;
  /** `next` of the previous page; undefined for the newest page. */
  cursor?: string | undefined;
}

/** Newest first. */
export interface FollowsPage {
  users: { name: string; since: EventTime }[];
  /** Cursor of the next page; undefined on the last page. */
  next?: string | undefined;
}

/**
 * Without users who are hidden from the reader; private accounts are, unless the reader follows them or asks for a list of
 * their own. The list of a private account that the reader does not follow is empty. Fails with USER_NOT_FOUND, also across
 * a block, or CURSOR_INVALID.
 */
export const FindFollows = message<FollowsQuery, Answer<FollowsPage>>('social-graph.find-follows');

/** Whom the reader blocks, or mutes. */
export type HiddenList = 'blocks' | 'mutes';

export interface HiddenQuery {
  list: HiddenList;
  reader: UserId;
  limit: number;
  /** `next` of the previous page; undefined for the newest page. */
  cursor?: string | undefined;
}

export interface HiddenUser {
  name: string;
  since: EventTime;
  /** Of a mute; null: everything. */
  only?: MuteOnly;
  /** Of a mute; null: until the user is unmuted. */
  until?: EventTime | null;
}

/** Newest first. */
export interface HiddenPage {
  users: HiddenUser[];
  /** Cursor of the next page; undefined on the last page. */
  next?: string | undefined;
}

/** Mutes that have ended are left out. Fails with CURSOR_INVALID. */
export const FindHidden = message<HiddenQuery, Answer<HiddenPage>>('social-graph.find-hidden');

/** Requests to follow the reader, or requests of the reader. */
export type RequestList = 'requests' | 'requested';

export interface RequestsQuery {
  list: RequestList;
  reader: UserId;
  limit: number;
  /** `next` of the previous page; undefined for the newest page. */
  cursor?: string | undefined;
}

/** Newest first. Fails with CURSOR_INVALID. */
export const FindRequests = message<RequestsQuery, Answer<FollowsPage>>('social-graph.find-requests');
