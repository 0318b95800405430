const BYTES = 6;
/** The length differs from that of all other cursors, so that they cannot be confused. */
const TEXT = /^[A-Za-z0-9_-]{8}$/;
const POSTGRES_INTEGER_MAX = 2_147_483_647;

/** The number of a version, as 6 bytes in base64url. Opaque to clients. */
export function encodeHistoryCursor(version: number): string {
  const bytes = Buffer.alloc(BYTES);
  bytes.writeUIntBE(version, 0, BYTES);
  return bytes.toString('base64url');
}

/** The version that `cursor` encodes; undefined if it is malformed. */
export function decodeHistoryCursor(cursor: string): number | undefined {
  if (!TEXT.test(cursor)) return undefined;
  const version = Buffer.from(cursor, 'base64url').readUIntBE(0, BYTES);
  return version >= 1 && version <= POSTGRES_INTEGER_MAX ? version : undefined;
}
