/**
 * `unasked` is what comes by itself, such as the friends feed: blocks and mutes hide there. `asked` is what the viewer
 * requests explicitly: only blocks hide there.
 */
export type Attention = 'asked' | 'unasked';

/** Users whose activities and objects an answer from the database leaves out. */
export interface HiddenIds {
  users: readonly number[];
  /** Users of whom it leaves out only the shares. */
  sharers: readonly number[];
  /**
   * The viewer and whom the viewer follows: nobody else's private account is visible. Null if no account is private.
   */
  known: readonly number[] | null;
}
