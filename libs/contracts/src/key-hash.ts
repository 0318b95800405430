import { createHash } from 'node:crypto';

/** SHA-256 of a key: all that is kept and sent of it. Keys are random, so no salt and no slow hash are needed. */
export const hashKey = (key: string): Buffer => createHash('sha256').update(key).digest();
