import type { FeedEntry } from '@activity-feed/contracts';
import type { PagePosition } from '../activity/positions';
import type { IdArray } from './id-array';

/** An entry with its place in the order of all activities. */
export type PlacedEntry = FeedEntry & { event_id: PagePosition['eventId'] };

export interface PageRequest {
  /** Whose activities; in any order, each once. */
  actors: IdArray;
  /** Entries after this place in newest-first order; the newest without it. */
  before?: PagePosition | undefined;
  limit: number;
}
