import type { EventTime } from '../event-time';
import type { ObjectRef, User, UserId } from '../identifiers';
import { type Answer, message } from '../message';

export interface FoundObject {
  object: ObjectRef;
  owner: User;
  content: string;
  createdAt: EventTime;
  /** Whether the reader likes it. */
  liked: boolean;
}

/** OBJECT_NOT_FOUND where nobody has posted such an object. */
export const FindObject = message<{ object: ObjectRef; reader: UserId }, Answer<FoundObject>>('activity.find-object');

export interface LikesPage {
  /** Newest first. */
  likes: { user_name: string; time: EventTime }[];
  /** The cursor of the next page; none on the last. */
  next?: string | undefined;
}

export interface LikesQuery {
  object: ObjectRef;
  limit: number;
  /** Of the page before; the newest page without it. */
  cursor?: string | undefined;
}

/** OBJECT_NOT_FOUND likewise, CURSOR_INVALID for what is no cursor of such a page. */
export const FindLikes = message<LikesQuery, Answer<LikesPage>>('activity.find-likes');
