/**
 * What a viewer asks for: `unasked` is what comes by itself, such as the friends feed, where mutes hide; `asked` is what
 * one goes and looks at, where only blocks do.
 */
export type Attention = 'asked' | 'unasked';

/** Whom an answer has nothing from: actors and owners, and those whose shares it does not have. */
export interface HiddenIds {
  users: readonly number[];
  sharers: readonly number[];
}
