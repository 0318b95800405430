import type { FeedRole } from '../harness/system';

/** Process arrangements of the feed. They must all behave the same for users. */
export const ARRANGEMENTS: [string, FeedRole[]][] = [
  ['one process', ['all']],
  ['a projector and two readers', ['projector', 'reader', 'reader']],
];
