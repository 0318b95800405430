import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const PREFIX = 'afs_';
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = BigInt(DIGITS.length);
const SECRET_BYTES = 32;
/** Digits of 256 bits, and of the 32 bits of a checksum. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const FORMAT = new RegExp(`^${PREFIX}[0-9A-Za-z]{${SECRET_LENGTH + CHECKSUM_LENGTH}}$`);
/** Keys of earlier versions are so long, in base64url: one in 17 million begins with the prefix by chance. */
const EARLIER_LENGTH = 43;

/** A random key: the prefix, 256 bits in base62, and the CRC-32 of these digits, so that scanners recognise it. */
export function newKey(): string {
  const secret = base62(BigInt(`0x${randomBytes(SECRET_BYTES).toString('hex')}`), SECRET_LENGTH);
  return PREFIX + secret + checksumOf(secret);
}

/** Whether `key` begins as an issued key does, and cannot be one. */
export function isMistyped(key: string): boolean {
  if (!key.startsWith(PREFIX) || key.length === EARLIER_LENGTH) return false;
  const end = PREFIX.length + SECRET_LENGTH;
  return !FORMAT.test(key) || checksumOf(key.slice(PREFIX.length, end)) !== key.slice(end);
}

const checksumOf = (secret: string) => base62(BigInt(crc32(secret)), CHECKSUM_LENGTH);

/** Most significant digit first, filled up with zeros. */
function base62(number: bigint, length: number): string {
  let digits = '';
  for (let rest = number; digits.length < length; rest /= BASE) digits = DIGITS[Number(rest % BASE)] + digits;
  return digits;
}
