import { Gauge } from 'prom-client';
import type { LiveStreams } from './live-streams';

/** Counts the open streams at each scrape. */
export function measureStreams(streams: LiveStreams): void {
  new Gauge({
    name: 'feed_open_streams',
    help: 'Streams of gateways that are open at this reader',
    labelNames: ['list'],
    collect() {
      for (const [list, count] of Object.entries(streams.count())) this.set({ list }, count);
    },
  });
}
