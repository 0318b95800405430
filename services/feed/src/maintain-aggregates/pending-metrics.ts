import type { Pool } from 'pg';
import { Gauge } from 'prom-client';
import { readPending } from './pending';

/** Registers metrics of pending aggregate work, which are read from the database at each scrape. */
export function measurePending(pool: Pool): void {
  // A database that does not answer must not fail the scrape.
  const read = () => readPending(pool).catch(() => undefined);
  new Gauge({
    name: 'feed_aggregates_pending_seconds',
    help: 'Age of the oldest late activities that the aggregates do not include yet',
    async collect() {
      const pending = await read();
      this.set(pending ? (pending.seconds ?? 0) : Number.NaN);
    },
  });
  new Gauge({
    name: 'feed_aggregates_pending_hours',
    help: 'Hours with late activities that the aggregates do not include yet',
    async collect() {
      this.set((await read())?.hours ?? Number.NaN);
    },
  });
  new Gauge({
    name: 'feed_aggregates_unfilled_seconds',
    help: 'Closed time that is overdue by ten minutes or more in the continuous aggregates',
    async collect() {
      const pending = await read();
      this.set(pending ? Math.max(0, ...pending.filled.map(({ lacks }) => lacks)) / 1_000 : Number.NaN);
    },
  });
}
