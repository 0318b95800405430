/**
 * `unasked` is what comes by itself, such as the friends feed: blocks and mutes hide there. `asked` is what the viewer
 * requests explicitly: only blocks hide there.
 */
export type Attention = 'asked' | 'unasked';

/** Users whose activities and objects an answer leaves out, and users whose shares it leaves out. */
export interface HiddenIds {
  users: readonly number[];
  sharers: readonly number[];
}
