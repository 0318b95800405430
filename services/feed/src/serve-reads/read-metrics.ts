import { FEED_READS, FEED_STATUSES, type FeedReadName } from '@activity-feed/contracts';
import { Histogram } from 'prom-client';

const durations = new Histogram({
  name: 'feed_read_duration_seconds',
  help: 'Time of a reader for a read of a gateway, with its waits for versions',
  labelNames: ['read', 'status'],
  buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
});

const NAMES = new Map(Object.entries(FEED_READS).map(([name, { operation }]) => [operation, name as FeedReadName]));
const STATUSES = new Map<number, string>(Object.entries(FEED_STATUSES).map(([name, status]) => [status, name]));

export const readOf = (operation: number): string => NAMES.get(operation) ?? 'unknown';
export const statusOf = (status: number): string => STATUSES.get(status) ?? 'unknown';

/** Call when a read ends. `ms`: how long it took. */
export function observeRead(operation: number, status: number, ms: number): void {
  durations.observe({ read: readOf(operation), status: statusOf(status) }, ms / 1_000);
}
