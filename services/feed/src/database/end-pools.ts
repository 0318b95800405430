import { giveUpLate, type Logger } from '@activity-feed/hosting';
import type { Pool } from 'pg';

/** Ends pools of connections, and leaves statements that do not end in time to the database. */
export function endPools(pools: Record<string, Pool>, logger: Logger): Promise<void> {
  const ends = Object.entries(pools).map(([name, pool]) => [name, pool.end()] as const);
  return giveUpLate('release', Object.fromEntries(ends), logger);
}
