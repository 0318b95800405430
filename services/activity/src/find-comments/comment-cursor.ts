import { type EventTime, fromMicroseconds, MAX_MICROSECONDS, toExactMicroseconds } from '@activity-feed/contracts';

/** A position in a list of comments. It stays valid when the comment itself is removed. */
export interface CommentPosition {
  time: EventTime;
  id: number;
}

const BYTES = 16;
/** The length differs from that of all other cursors, so that they cannot be confused. */
const TEXT = /^[A-Za-z0-9_-]{22}$/;

/** 8 bytes of microseconds and 8 bytes of the comment's id, in base64url. Opaque to clients. */
export function encodeCommentCursor({ time, id }: CommentPosition): string {
  const bytes = Buffer.alloc(BYTES);
  bytes.writeBigUInt64BE(toExactMicroseconds(time), 0);
  bytes.writeBigUInt64BE(BigInt(id), 8);
  return bytes.toString('base64url');
}

/** The position that `cursor` encodes; undefined if it is malformed. */
export function decodeCommentCursor(cursor: string): CommentPosition | undefined {
  if (!TEXT.test(cursor)) return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  const microseconds = bytes.readBigUInt64BE(0);
  const id = Number(bytes.readBigUInt64BE(8));
  if (microseconds > MAX_MICROSECONDS || !Number.isSafeInteger(id)) return undefined;
  return { time: fromMicroseconds(microseconds), id };
}
