import {
  type EventId,
  type EventTime,
  fromMicroseconds,
  MAX_MICROSECONDS,
  toMicroseconds,
} from '@activity-feed/contracts';

/** An entry's place in the total order of all activities: by time, then by event id. */
export interface PagePosition {
  time: EventTime;
  eventId: EventId;
}

const TIME_BYTES = 8;
const BYTES = 24;
const TEXT = /^[A-Za-z0-9_-]{32}$/;

/** 8 bytes of microseconds and 16 of the event's id, in base64url. Opaque to clients. */
export function encodeCursor({ time, eventId }: PagePosition): string {
  const bytes = Buffer.alloc(BYTES);
  bytes.writeBigInt64BE(toMicroseconds(time));
  bytes.write(eventId.replaceAll('-', ''), TIME_BYTES, 'hex');
  return bytes.toString('base64url');
}

/** The position that `cursor` names, or undefined when it is no cursor. */
export function decodeCursor(cursor: string): PagePosition | undefined {
  if (!TEXT.test(cursor)) return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  const microseconds = bytes.readBigInt64BE();
  if (microseconds < 0n || microseconds > MAX_MICROSECONDS) return undefined;
  const hex = bytes.toString('hex', TIME_BYTES);
  const eventId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as EventId;
  return { time: fromMicroseconds(microseconds), eventId };
}
