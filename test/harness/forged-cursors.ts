import { MAX_MICROSECONDS, OBJECT_TYPES, VERBS } from '@activity-feed/contracts';
import fc from 'fast-check';

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const DAY = 86_400_000_000n;

/** Microseconds in the 8 bytes of a cursor: any value, and values near the limits of JavaScript and PostgreSQL. */
export const forgedTimes = fc.oneof(
  fc.bigInt(0n, 2n ** 64n - 1n),
  fc.bigInt(0n, SAFE),
  fc
    .tuple(
      fc.constantFrom(0n, DAY, SAFE, MAX_MICROSECONDS, MAX_MICROSECONDS - DAY, 2n ** 63n, 2n ** 64n - 3n),
      fc.bigInt(-2n, 2n),
    )
    .map(([end, beside]) => (end + beside < 0n ? 0n : end + beside)),
);

/** Ids of 4 bytes. */
export const forgedIds = fc.oneof(fc.constantFrom(0, 1, 2, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1), fc.nat());

const place = (list: readonly unknown[]) => fc.oneof(fc.nat({ max: list.length + 1 }), fc.constant(255));

/** Cursors with the length of a group cursor. Most are invalid. */
export const forgedGroupCursors = fc
  .tuple(forgedTimes, forgedIds, place(VERBS), place(OBJECT_TYPES), fc.nat({ max: 255 }))
  .map(([time, id, verb, type, rest]) => {
    const bytes = Buffer.alloc(15);
    bytes.writeBigUInt64BE(time, 0);
    bytes.writeUInt32BE(id, 8);
    bytes.set([verb, type, rest], 12);
    return bytes.toString('base64url');
  });

/** Cursors with the length of a page cursor. */
export const forgedPageCursors = fc
  .tuple(forgedTimes, fc.uint8Array({ minLength: 16, maxLength: 16 }))
  .map(([time, id]) => {
    const bytes = Buffer.alloc(24);
    bytes.writeBigUInt64BE(time, 0);
    bytes.set(id, 8);
    return bytes.toString('base64url');
  });

/** Cursors with the length of a likes cursor; prefixed with `s`, they have the length of a shares cursor. */
export const forgedListCursors = fc.tuple(forgedTimes, forgedIds).map(([time, id]) => {
  const bytes = Buffer.alloc(12);
  bytes.writeBigUInt64BE(time, 0);
  bytes.writeUInt32BE(id, 8);
  return bytes.toString('base64url');
});
