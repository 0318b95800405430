import type { FeedEntry } from '@activity-feed/contracts';
import type { HiddenIds } from '../activity/hiding';
import type { PagePosition } from '../activity/positions';
import type { IdArray } from './id-array';

/** An entry with the event id, which together with the time is its position. */
export type PlacedEntry = Omit<FeedEntry, 'comment_id'> & { comment_id: number | null } & PagePosition;

export interface PageRequest {
  /** Distinct, in any order. */
  actors: IdArray;
  /** Only entries older than this position. */
  before?: PagePosition | undefined;
  limit: number;
  /** Undefined if nothing is hidden from the viewer. */
  hidden?: HiddenIds | undefined;
}
