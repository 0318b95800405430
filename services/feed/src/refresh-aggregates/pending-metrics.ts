import type { Pool } from 'pg';
import { Gauge } from 'prom-client';
import { readPending } from './pending';

/** Registers how much the aggregates lack; asked of the database whenever the metrics are. */
export function measurePending(pool: Pool): void {
  const seconds = new Gauge({
    name: 'feed_aggregates_pending_seconds',
    help: 'Age of the oldest note of late activities that the aggregates do not show yet',
  });
  new Gauge({
    name: 'feed_aggregates_pending_hours',
    help: 'Hours with late activities that the aggregates do not show yet',
    async collect() {
      // A database that does not answer must not take the other metrics away.
      const pending = await readPending(pool).catch(() => undefined);
      this.set(pending?.hours ?? Number.NaN);
      seconds.set(pending ? (pending.seconds ?? 0) : Number.NaN);
    },
  });
}
