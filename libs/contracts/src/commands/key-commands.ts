import type { EventTime } from '../event-time';
import type { User } from '../identifiers';
import { type Answer, message } from '../message';
import type { Deadline } from './deadline';
import type { Idempotency } from './idempotency';

/**
 * Whose keys a command is about: a user's own, or with the admin key those of the named user. The hash is that of the key of the
 * request, in hexadecimal: a key that was revoked meanwhile changes nothing.
 */
export type KeyHolder = { actor: User; keyHash: string } | { name: string };

interface KeyCommand {
  holder: KeyHolder;
  traceparent?: string;
  deadline?: Deadline;
  idempotency?: Idempotency;
}

export interface IssueKeyCommand extends KeyCommand {
  name: string;
  /** Null: never. */
  expiresAt: EventTime | null;
}

export interface IssuedKey {
  id: number;
  /** The key itself. This is the only time it is shown; the database has only its hash. Undefined in the answer to a repeat. */
  authToken?: string;
  createdAt: EventTime;
}

/** Fails with KEY_INVALID, USER_NOT_FOUND or KEYS_TOO_MANY. */
export const IssueKey = message<IssueKeyCommand, Answer<IssuedKey>>('social-graph.issue-key');

export interface RevokedKeys {
  /** How many there were. */
  count: number;
  /** The newest position of their user, to be announced: keys are in no event. */
  token: string;
}

export interface RevokeKeyCommand extends KeyCommand {
  id: number;
}

/** Fails with KEY_INVALID, KEY_NOT_FOUND, or with KEY_IS_LAST if no other key of the user is valid. */
export const RevokeKey = message<RevokeKeyCommand, Answer<RevokedKeys>>('social-graph.revoke-key');

/** Revokes all keys of a user, the last one too. Fails with USER_NOT_FOUND. */
export const RevokeAllKeys = message<KeyCommand, Answer<RevokedKeys>>('social-graph.revoke-all-keys');
