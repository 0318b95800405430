import type { UserId } from '../identifiers';
import type { RequiredVersions } from './feed-queries';

/** How each of `users` appears to `reader`. */
export interface VisibilityQuery extends RequiredVersions {
  reader: UserId;
  /** Each once. */
  users: UserId[];
}

/** Bits of a user's appearance to a reader; 0 for most. */
export const APPEARANCE = {
  /**
   * What the user does, and what is about something of the user, does not exist for the reader: one blocks the other, or the
   * account is suspended, or private and the reader does not follow it.
   */
  hidden: 1,
  /** The reader mutes the user. */
  muted: 2,
  /** The reader mutes what the user shares. */
  sharesMuted: 4,
  /** Beside `hidden`: only because the account is private. The user exists for the reader. */
  private: 8,
} as const;
