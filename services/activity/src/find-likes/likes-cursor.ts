import {
  type EventTime,
  fromMicroseconds,
  MAX_MICROSECONDS,
  toExactMicroseconds,
  UserId,
} from '@activity-feed/contracts';

/** The position of a like among the likes of its object. The user breaks ties of time. */
export interface LikePosition {
  time: EventTime;
  userId: UserId;
}

const BYTES = 12;
/** The length differs from that of feed cursors, so that they cannot be confused. */
const TEXT = /^[A-Za-z0-9_-]{16}$/;

/** 8 bytes of microseconds and 4 bytes of the user's id, in base64url. Opaque to clients. */
export function encodeLikesCursor({ time, userId }: LikePosition): string {
  const bytes = Buffer.alloc(BYTES);
  bytes.writeBigUInt64BE(toExactMicroseconds(time), 0);
  bytes.writeUInt32BE(userId, 8);
  return bytes.toString('base64url');
}

/** The position that `cursor` encodes; undefined if it is malformed. */
export function decodeLikesCursor(cursor: string): LikePosition | undefined {
  if (!TEXT.test(cursor)) return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  const microseconds = bytes.readBigUInt64BE(0);
  const userId = UserId.safeParse(bytes.readUInt32BE(8));
  if (microseconds > MAX_MICROSECONDS || !userId.success) return undefined;
  return { time: fromMicroseconds(microseconds), userId: userId.data };
}
