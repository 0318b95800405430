import { type Microseconds, toMilliseconds } from '@activity-feed/contracts';
import { Gauge } from 'prom-client';
import { bytesOf, type Segment } from '../timeline-index/rows/row-segment';
import type { TimelineIndex } from '../timeline-index/timeline-index';

const measure = (name: string, help: string, read: () => number) =>
  new Gauge({
    name,
    help,
    collect() {
      this.set(read());
    },
  });

/** `budget`: rows that the index may have. `behind`: events of the log that the index has not applied. */
export function measureIndex(index: TimelineIndex, budget: number, behind: () => number): void {
  const bytes = () => segmentsOf(index).reduce((sum, segment) => sum + bytesOf(segment), 0);
  measure('feed_index_rows', 'Activities and notices in the memory of the reader', () => index.rows.count);
  measure('feed_index_budget_rows', 'Activities that the reader keeps in memory at most', () => budget);
  measure('feed_index_bytes', 'Memory that these rows take', bytes);
  measure('feed_index_window_seconds', 'Age from which on memory has all activities', () => windowOf(index));
  measure('feed_index_behind_events', 'Events of the log that the index has not applied', behind);
}

/** In seconds. The index has everything above its floor; without a floor, everything. */
function windowOf(index: TimelineIndex): number {
  const { floor } = index;
  const since = Number.isFinite(floor) ? floor : Math.min(...segmentsOf(index).map(({ oldest }) => oldest));
  return Number.isFinite(since) ? Math.max(0, Date.now() - toMilliseconds(since as Microseconds)) / 1_000 : 0;
}

const segmentsOf = ({ rows }: TimelineIndex): Segment[] =>
  rows.everySegment().flatMap((first) => rows.segmentAt(first) ?? []);
