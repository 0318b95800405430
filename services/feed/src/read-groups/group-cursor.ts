import {
  type Microseconds,
  type ObjectType,
  objectTypeCode,
  objectTypeOf,
  UserId,
  type Verb,
  verbCode,
  verbOfCode,
} from '@activity-feed/contracts';
import type { GroupPosition } from '../timeline-index/queries/grouped-rows';

const BYTES = 15;
/** Differs in length from the cursor of a page of entries, so the two cannot be confused. */
const TEXT = /^[A-Za-z0-9_-]{20}$/;

/** Base64url of 8 bytes of microseconds, 4 of the actor id, and the codes of verb and object type (0: none). */
export function encodeGroupCursor({ firstTime, actorId, verb, objectType }: GroupPosition): string {
  const bytes = Buffer.alloc(BYTES);
  bytes.writeBigUInt64BE(BigInt(firstTime), 0);
  bytes.writeUInt32BE(actorId, 8);
  bytes.writeUInt8(verbCode(verb as Verb), 12);
  bytes.writeUInt8(objectType === '' ? 0 : objectTypeCode(objectType as ObjectType), 13);
  return bytes.toString('base64url');
}

export function decodeGroupCursor(cursor: string): GroupPosition | undefined {
  if (!TEXT.test(cursor)) return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  const firstTime = Number(bytes.readBigUInt64BE(0)) as Microseconds;
  // Beyond the year 2255 a number cannot hold microseconds exactly; near the end of 9999 it would round to 10000.
  if (!Number.isSafeInteger(firstTime)) return undefined;
  const verb = verbOfCode(bytes.readUInt8(12));
  const type = bytes.readUInt8(13);
  const objectType = type === 0 ? '' : objectTypeOf(type);
  const actorId = UserId.safeParse(bytes.readUInt32BE(8));
  if (verb === undefined || objectType === undefined || !actorId.success) return undefined;
  return { firstTime, actorId: actorId.data, verb, objectType };
}
