import type { Pool } from 'pg';
import { Gauge } from 'prom-client';
import { readPending } from './pending';

/** Registers how much the aggregates lack; asked of the database whenever the metrics are. */
export function measurePending(pool: Pool): void {
  // A database that does not answer must not take the other metrics away.
  const read = () => readPending(pool).catch(() => undefined);
  new Gauge({
    name: 'feed_aggregates_pending_seconds',
    help: 'Age of the oldest note of late activities that the aggregates do not show yet',
    async collect() {
      const pending = await read();
      this.set(pending ? (pending.seconds ?? 0) : Number.NaN);
    },
  });
  new Gauge({
    name: 'feed_aggregates_pending_hours',
    help: 'Hours with late activities that the aggregates do not show yet',
    async collect() {
      this.set((await read())?.hours ?? Number.NaN);
    },
  });
  new Gauge({
    name: 'feed_aggregates_unfilled_seconds',
    help: 'Closed time that the continuous aggregates should have been filled with for ten minutes, and are not',
    async collect() {
      const pending = await read();
      this.set(pending ? Math.max(0, ...pending.filled.map(({ lacks }) => lacks)) / 1_000 : Number.NaN);
    },
  });
}
