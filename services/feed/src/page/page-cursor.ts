import type { Microseconds } from '@activity-feed/contracts';
import type { Position } from '../activity/positions';

const BYTES = 24;
const WORD = 2 ** 32;
const TEXT = /^[A-Za-z0-9_-]{32}$/;

const bytes = Buffer.alloc(BYTES);

/** Base64url of 8 bytes of microseconds and 16 bytes of the event id. Opaque to clients. */
export function encodeCursor({ time, id }: Position): string {
  bytes.writeUInt32BE(Math.floor(time / WORD), 0);
  bytes.writeUInt32BE(time % WORD, 4);
  for (let word = 0; word < 4; word++) bytes.writeUInt32BE(id[word] as number, 8 + 4 * word);
  return bytes.toString('base64url');
}

export function decodeCursor(cursor: string): Position | undefined {
  if (!TEXT.test(cursor)) return undefined;
  bytes.write(cursor, 'base64url');
  const time = (bytes.readUInt32BE(0) * WORD + bytes.readUInt32BE(4)) as Microseconds;
  // Beyond the year 2255 a number cannot hold microseconds exactly.
  if (time > Number.MAX_SAFE_INTEGER) return undefined;
  return { time, id: [bytes.readUInt32BE(8), bytes.readUInt32BE(12), bytes.readUInt32BE(16), bytes.readUInt32BE(20)] };
}
