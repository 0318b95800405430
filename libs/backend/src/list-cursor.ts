import {
  type EventTime,
  fromMicroseconds,
  MAX_MICROSECONDS,
  toExactMicroseconds,
  UserId,
} from '@activity-feed/contracts';

/**
 * The position of a user in a list by time. The user breaks ties of time: the times of one user's events all differ. It
 * stays valid when the entry itself is removed.
 */
export interface ListPosition {
  time: EventTime;
  userId: UserId;
}

/** The first part of a statement's position: all entries are before it. */
export interface ListBound {
  time: EventTime | 'infinity';
  userId: UserId | 0;
}

/** Where a list begins that is read from its newest entry. */
export const NEWEST: ListBound = { time: 'infinity', userId: 0 };

const BYTES = 12;
/** What the cursors of each list begin with, so that they differ. Their lengths differ from those of feed cursors. */
const PREFIX = {
  likes: '',
  shares: 's',
  followers: 'f',
  following: 'g',
  blocks: 'b',
  mutes: 'm',
  requests: 'r',
  requested: 'q',
};
export type TimedList = keyof typeof PREFIX;
const TEXT = /^[A-Za-z0-9_-]{16}$/;

/** 8 bytes of microseconds and 4 bytes of the user's id, in base64url. Opaque to clients. */
export function encodeListCursor(list: TimedList, { time, userId }: ListPosition): string {
  const bytes = Buffer.alloc(BYTES);
  bytes.writeBigUInt64BE(toExactMicroseconds(time), 0);
  bytes.writeUInt32BE(userId, 8);
  return PREFIX[list] + bytes.toString('base64url');
}

/** The position that a `cursor` of `list` encodes; undefined if it is malformed or of another list. */
export function decodeListCursor(list: TimedList, cursor: string): ListPosition | undefined {
  const text = cursor.slice(PREFIX[list].length);
  if (!cursor.startsWith(PREFIX[list]) || !TEXT.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  const microseconds = bytes.readBigUInt64BE(0);
  const userId = UserId.safeParse(bytes.readUInt32BE(8));
  if (microseconds > MAX_MICROSECONDS || !userId.success) return undefined;
  return { time: fromMicroseconds(microseconds), userId: userId.data };
}

/** A page of the first `limit` of `entries`; an entry more shows that there is a next page. */
export function pageOfList<Entry extends ListPosition>(
  list: TimedList,
  entries: readonly Entry[],
  limit: number,
): { page: Entry[]; next: string | undefined } {
  const page = entries.slice(0, limit);
  const last = page.at(-1);
  return { page, next: last && entries.length > limit ? encodeListCursor(list, last) : undefined };
}
