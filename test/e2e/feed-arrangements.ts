import type { FeedRole } from '../harness/system';

/** How the processes of a feed may be arranged; what users see of it is the same. */
export const ARRANGEMENTS: [string, FeedRole[]][] = [
  ['one process', ['all']],
  ['a projector and two readers', ['projector', 'reader', 'reader']],
];
