import { Counter, Gauge } from 'prom-client';
import type { LogLag } from '../consume-log/log-lag';

export const projected = new Counter({
  name: 'feed_events_projected_total',
  help: 'Events written to the read models, repeats included',
});

export const skipped = new Counter({
  name: 'feed_events_skipped_total',
  help: 'Events of a type or version that this feed does not know',
});

export const deadLettered = new Counter({
  name: 'feed_dead_letters_total',
  help: 'Unreadable messages sent to the dead-letter topic',
});

/** Reads at each scrape how far the projector is behind the log. */
export function measureLag(lag: LogLag, topics: readonly string[]): void {
  const measure = (name: string, help: string, read: (topic: string) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['topic'],
      collect() {
        for (const topic of topics) this.set({ topic }, read(topic));
      },
    });
  measure('feed_projector_lag_events', 'Events that the projector has not written', (topic) => lag.events(topic));
  measure(
    'feed_projector_lag_seconds',
    'Age of the oldest event that the projector has fetched and not written',
    (topic) => lag.seconds(topic),
  );
}
