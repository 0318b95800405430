import {
  type EventTime,
  fromMicroseconds,
  MAX_MICROSECONDS,
  type ObjectList,
  toExactMicroseconds,
  UserId,
} from '@activity-feed/contracts';

/**
 * The position of a like or share in the list of its object. The user breaks ties of time: the times of one user's
 * events all differ. It stays valid when the entry itself is removed.
 */
export interface ListPosition {
  time: EventTime;
  userId: UserId;
}

const BYTES = 12;
/** Distinguishes the cursors of the lists. The lengths differ from those of feed cursors. */
const PREFIX: Record<ObjectList, string> = { likes: '', shares: 's' };
const TEXT = /^[A-Za-z0-9_-]{16}$/;

/** 8 bytes of microseconds and 4 bytes of the user's id, in base64url. Opaque to clients. */
export function encodeListCursor(list: ObjectList, { time, userId }: ListPosition): string {
  const bytes = Buffer.alloc(BYTES);
  bytes.writeBigUInt64BE(toExactMicroseconds(time), 0);
  bytes.writeUInt32BE(userId, 8);
  return PREFIX[list] + bytes.toString('base64url');
}

/** The position that a `cursor` of `list` encodes; undefined if it is malformed or of another list. */
export function decodeListCursor(list: ObjectList, cursor: string): ListPosition | undefined {
  const text = cursor.slice(PREFIX[list].length);
  if (!cursor.startsWith(PREFIX[list]) || !TEXT.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  const microseconds = bytes.readBigUInt64BE(0);
  const userId = UserId.safeParse(bytes.readUInt32BE(8));
  if (microseconds > MAX_MICROSECONDS || !userId.success) return undefined;
  return { time: fromMicroseconds(microseconds), userId: userId.data };
}
