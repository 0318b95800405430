import type { EventTime, Milliseconds } from '@activity-feed/contracts';
import { Histogram } from 'prom-client';

const freshness = new Histogram({
  name: 'feed_freshness_seconds',
  help: 'Time from when an event was recorded until it is applied, for events recorded since the process started',
  labelNames: ['by'],
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600],
});

const STARTED_AT: Milliseconds = performance.timeOrigin;

/** Leaves out events from before the start, so that neither a restart nor a rebuild looks like a delay. */
export function observeFreshness(by: 'reader' | 'projector', events: readonly { readonly time?: EventTime }[]): void {
  const now = Date.now();
  for (const { time } of events) {
    const recordedAt = time === undefined ? 0 : Date.parse(time);
    if (recordedAt >= STARTED_AT) freshness.observe({ by }, Math.max(0, now - recordedAt) / 1_000);
  }
}
