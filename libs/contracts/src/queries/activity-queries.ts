import type { EventTime } from '../event-time';
import type { ObjectRef, PostedRef, User, UserId } from '../identifiers';
import type { Mention } from '../mention';
import { type Answer, message } from '../message';

export interface FoundObject {
  object: ObjectRef;
  owner: User;
  content: string;
  /** In the order of the content. Missing in answers of older services. */
  mentions?: Mention[];
  createdAt: EventTime;
  /** Null if it was never edited. */
  editedAt: EventTime | null;
  /** Whether the reader has liked it. */
  liked: boolean;
  /** Whether the reader has shared it. */
  shared: boolean;
  /** Only of a deleted object, which only its owner finds, and only while it can be restored. */
  deletion?: { deletedAt: EventTime; restorableUntil: EventTime };
  /** Only of comments. */
  comment?: FoundComment;
}

export interface FoundComment {
  /** What it comments on. */
  root: PostedRef;
  /** The first-level comment that it is listed under; null at the first level. */
  thread: number | null;
  /** The comment that it replies to. */
  replyTo: number | null;
  /** The number of living replies listed under it. */
  replies: number;
}

/** Fails with OBJECT_NOT_FOUND. {@link FindObjects} is the same for several objects. */
export const FindObject = message<{ object: ObjectRef; reader: UserId }, Answer<FoundObject>>('activity.find-object');

export interface ObjectsQuery {
  /** At most {@link OBJECTS_MAX}. */
  objects: ObjectRef[];
  reader: UserId;
}

/** In the order of the query; null for an object that does not exist. */
export const FindObjects = message<ObjectsQuery, Answer<(FoundObject | null)[]>>('activity.find-objects');

/**
 * In the order of the query: the user who owns the object and, if it is a comment, who owns what it comments on. They
 * never change. Null for an object that does not exist; those of deleted ones are found.
 */
export const FindOwners = message<{ objects: ObjectRef[] }, Answer<(UserId[] | null)[]>>('activity.find-owners');

/** What a query for a list can ask about each entry. */
export interface Listed {
  user_id: UserId;
  /** Of the next entries. */
  cursor: string;
}

interface IdentifiedQuery {
  /** Whether entries have the fields of {@link Listed}. Gateways of the version before them pass entries on unchanged. */
  identified?: boolean;
}

/** A list of an object: who liked it, or who shared it. */
export type ObjectList = 'likes' | 'shares';

/** Newest first. A user who shared an object several times has several entries. */
export type ListPage<List extends ObjectList> = Record<
  List,
  (Partial<Listed> & { user_name: string; time: EventTime })[]
> & {
  /** Cursor of the next page; undefined on the last page. */
  next?: string | undefined;
};

export interface ListQuery extends IdentifiedQuery {
  object: ObjectRef;
  /** Undefined from older gateways: then a deleted object is not found for its owner either. */
  reader?: UserId;
  limit: number;
  /** `next` of the previous page; undefined for the newest page. */
  cursor?: string | undefined;
}

/** Fails with OBJECT_NOT_FOUND or CURSOR_INVALID. */
export const FindLikes = message<ListQuery, Answer<ListPage<'likes'>>>('activity.find-likes');

/** Fails with OBJECT_NOT_FOUND or CURSOR_INVALID. */
export const FindShares = message<ListQuery, Answer<ListPage<'shares'>>>('activity.find-shares');

/** Bytes of contents in UTF-8 with which a page of versions or comments ends, even if its limit is not reached. */
export const PAGE_CONTENT = 1_000_000;

export interface HistoryPage {
  /** Oldest first; the current one is the last. Removed ones are missing. */
  versions: { version: number; content: string; time: EventTime }[];
  /** Cursor of the next page; undefined on the last page. */
  next?: string | undefined;
}

export interface HistoryQuery {
  object: ObjectRef;
  /** As in {@link ListQuery}. */
  reader?: UserId;
  limit: number;
  /** `next` of the previous page; undefined for the oldest page. */
  cursor?: string | undefined;
}

/** Fails with OBJECT_NOT_FOUND or CURSOR_INVALID. */
export const FindHistory = message<HistoryQuery, Answer<HistoryPage>>('activity.find-history');

export const COMMENT_ORDERS = ['oldest', 'newest'] as const;
/** What comes first. */
export type CommentOrder = (typeof COMMENT_ORDERS)[number];

/** A comment in a list. A deleted one is listed while it has living replies, with nothing about it. */
export interface ListedComment extends Partial<Listed> {
  object_id: number;
  /** Null if the comment is deleted, like its content. */
  user_name: string | null;
  content: string | null;
  mentions: { name: string; start: number; end: number }[];
  reply_to: number | null;
  replies: number;
  likes: number;
  /** Whether the reader likes it. */
  liked: boolean;
  created_at: EventTime;
  edited_at: EventTime | null;
  deleted: boolean;
}

export interface CommentsPage {
  comments: ListedComment[];
  /** Cursor of the next page; undefined on the last page. */
  next?: string | undefined;
}

export interface CommentsQuery extends IdentifiedQuery {
  /** A post or photo, for its first-level comments, or a comment, for its replies. */
  object: ObjectRef;
  reader: UserId;
  order: CommentOrder;
  limit: number;
  /** `next` of the previous page; undefined for the first page. */
  cursor?: string | undefined;
}

/** Fails with OBJECT_NOT_FOUND or CURSOR_INVALID. */
export const FindComments = message<CommentsQuery, Answer<CommentsPage>>('activity.find-comments');
