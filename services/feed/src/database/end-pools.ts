import { giveUpLate, type Logger } from '@activity-feed/hosting';
import type { Pool } from 'pg';

/** Ends connection pools. Does not wait beyond the stop's time limit for running statements. */
export function endPools(pools: Record<string, Pool>, logger: Logger): Promise<void> {
  const ends = Object.entries(pools).map(([name, pool]) => [name, pool.end()] as const);
  return giveUpLate('release', Object.fromEntries(ends), logger);
}
