import type { EventStore, Refusal } from '@activity-feed/eventing';
import { Counter, Gauge } from 'prom-client';

const refused = new Counter({
  name: 'commands_refused_total',
  help: 'Commands that were refused because they were late (expired) or too many were waiting (queue-full)',
  labelNames: ['reason'],
});

export const countRefused = (reason: Refusal) => refused.inc({ reason });

/** Reads the number of waiting commands at each scrape. */
export function measureWaiting(events: EventStore): void {
  new Gauge({
    name: 'commands_waiting',
    help: 'Commands that wait for a transaction',
    collect() {
      this.set(events.waiting);
    },
  });
}
