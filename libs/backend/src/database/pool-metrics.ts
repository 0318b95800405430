import type { Pool } from 'pg';
import { Gauge } from 'prom-client';

const pools = new Map<string, Pool>();

/** Measures a pool at each scrape. A pool of the same name replaces it. */
export const measurePool = (name: string, pool: Pool) => pools.set(name, pool);

new Gauge({
  name: 'pg_pool_connections',
  help: 'Connections to the database',
  labelNames: ['pool', 'state'],
  collect() {
    for (const [pool, { idleCount, totalCount }] of pools) {
      this.set({ pool, state: 'idle' }, idleCount);
      this.set({ pool, state: 'busy' }, totalCount - idleCount);
    }
  },
});

new Gauge({
  name: 'pg_pool_waiting',
  help: 'Queries and transactions that wait for a connection',
  labelNames: ['pool'],
  collect() {
    for (const [pool, { waitingCount }] of pools) this.set({ pool }, waitingCount);
  },
});
