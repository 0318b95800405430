import type { Relay, RelayLag } from '@activity-feed/eventing';
import { atScrape } from '@activity-feed/hosting';
import type { Pool } from 'pg';
import { Gauge, Histogram } from 'prom-client';

const batches = new Histogram({
  name: 'relay_batch_size',
  help: 'Events in one send of a relay',
  labelNames: ['topic'],
  buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
});

export const observeSent = (topic: string, events: number) => batches.observe({ topic }, events);

/** Registers metrics of what the topics lack, which are read from the database at each scrape. */
export function measureRelays(relays: readonly Relay[], pool: Pool): void {
  const read = atScrape(() =>
    Promise.all(relays.map(async (relay) => ({ topic: relay.topic, lag: await relay.lag(pool) }))),
  );
  const measure = (name: string, help: string, part: (lag: RelayLag) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['topic'],
      async collect() {
        const found = (await read()) ?? [];
        this.reset();
        for (const { topic, lag } of found) if (lag) this.set({ topic }, part(lag));
      },
    });
  measure('relay_lag_events', 'Recorded events that the relay has not sent, up to 10,000', ({ events }) => events);
  measure('relay_lag_seconds', 'Age of the oldest event that the relay has not sent', ({ seconds }) => seconds);
}
