import { createHash } from 'node:crypto';

/** SHA-256 of a key; only the hash is stored and sent. Keys are random, so no salt and no slow hash are needed. */
export const hashKey = (key: string): Buffer => createHash('sha256').update(key).digest();
