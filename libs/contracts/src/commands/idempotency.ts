import type { UserId } from '../identifiers';

/** Makes a command one of those that may be repeated: the first answer is kept for a day, and is that of every repeat. */
export interface Idempotency {
  /** Whose key it is. */
  caller: UserId;
  /** SHA-256 of the key and its route, in hexadecimal. */
  key: string;
  /** SHA-256 of the request, in hexadecimal. Another request with the same key fails with IDEMPOTENCY_KEY_REUSED. */
  fingerprint: string;
}
