import {
  COMMENT_ORDERS,
  type CommentOrder,
  type EventTime,
  fromMicroseconds,
  MAX_MICROSECONDS,
  type ObjectRef,
  objectTypeCode,
  toExactMicroseconds,
} from '@activity-feed/contracts';

export interface CommentList {
  /** What the comments are on. */
  object: ObjectRef;
  order: CommentOrder;
}

/** A position in a list of comments. It stays valid when the comment itself is removed. */
export interface CommentPosition {
  time: EventTime;
  id: number;
}

const LIST_BYTES = 10;
const BYTES = LIST_BYTES + 16;
/** The length differs from that of all other cursors, so that they cannot be confused. */
const TEXT = /^[A-Za-z0-9_-]{35}$/;

/**
 * In base64url: a byte each for the list's order and object type, 8 for the object's id, 8 of microseconds and 8 for the
 * comment's id. Opaque to clients.
 */
export function encodeCommentCursor(list: CommentList, { time, id }: CommentPosition): string {
  const bytes = Buffer.alloc(BYTES);
  writeList(bytes, list);
  bytes.writeBigUInt64BE(toExactMicroseconds(time), LIST_BYTES);
  bytes.writeBigUInt64BE(BigInt(id), LIST_BYTES + 8);
  return bytes.toString('base64url');
}

/** The position that a `cursor` of `list` encodes; undefined if it is malformed or of another list. */
export function decodeCommentCursor(list: CommentList, cursor: string): CommentPosition | undefined {
  if (!TEXT.test(cursor)) return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  const expected = Buffer.alloc(LIST_BYTES);
  writeList(expected, list);
  if (!bytes.subarray(0, LIST_BYTES).equals(expected)) return undefined;
  const microseconds = bytes.readBigUInt64BE(LIST_BYTES);
  const id = Number(bytes.readBigUInt64BE(LIST_BYTES + 8));
  if (microseconds > MAX_MICROSECONDS || !Number.isSafeInteger(id)) return undefined;
  return { time: fromMicroseconds(microseconds), id };
}

function writeList(bytes: Buffer, { object, order }: CommentList): void {
  bytes.writeUInt8(COMMENT_ORDERS.indexOf(order), 0);
  bytes.writeUInt8(objectTypeCode(object.type), 1);
  bytes.writeBigUInt64BE(BigInt(object.id), 2);
}
