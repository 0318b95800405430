import type { EventTime } from '../event-time';
import type { User, UserId } from '../identifiers';
import { type Answer, message } from '../message';
import type { OwnRateLimits } from '../rate-limits';

export interface KeyQuery {
  /** SHA-256 in hexadecimal: the key itself never leaves the gateway. */
  keyHash: string;
  /** Gateways of earlier versions would take the expiry for a part of the user. */
  withExpiry?: true;
  /** Likewise for the limits of the user. */
  withLimits?: true;
}

export interface KeyUser extends User {
  /** Milliseconds until the key expires; undefined if it does not. Services of earlier versions do not send it. */
  expiresIn?: number;
  /** Undefined if none were set, or by services of earlier versions. */
  limits?: OwnRateLimits;
}

/** The user of a key. Fails with KEY_INVALID or USER_SUSPENDED. */
export const ResolveKey = message<KeyQuery, Answer<KeyUser>>('social-graph.resolve-key');

/** Hashes in one query at most. */
export const KEY_HASHES_MAX = 1_000;

/** Those of the hashes whose keys are refused now: revoked or expired, or their users are suspended. */
export const FindRefusedKeys = message<{ keyHashes: string[] }, Answer<string[]>>('social-graph.find-refused-keys');

/** What is shown of a key after it was issued. */
export interface ListedKey {
  id: number;
  /** Empty if the key was issued with its user. */
  name: string;
  createdAt: EventTime;
  /** To the hour; null if it was not used. */
  lastUsedAt: EventTime | null;
  /** Null: never. */
  expiresAt: EventTime | null;
}

/** All keys of a user, newest first, expired ones too. */
export const FindKeys = message<{ user: UserId }, Answer<ListedKey[]>>('social-graph.find-keys');
