import { WRITE_SERVICES } from '@activity-feed/contracts';
import type { WorldPlan } from './plan.ts';
import type { Stores } from './stores.ts';

/** How many of the world's events the feed has applied. Versions start at 1 in each stream, so they add up. */
const APPLIED = `
SELECT coalesce(sum(version), 0)::float8 AS applied FROM applied_versions
WHERE source = ANY ($1) AND stream >= $2 AND stream < $3`;

const PAUSE = 250;

/** Waits until the feed has applied `events` of the world or `signal` aborts. Returns how many it has applied. */
export async function awaitFeed(
  { feed }: Stores,
  { firstIds, users }: WorldPlan,
  events: number,
  onApplied: (events: number) => void,
  signal: AbortSignal,
): Promise<number> {
  for (;;) {
    const { rows } = await feed.query(APPLIED, [WRITE_SERVICES, firstIds.user, firstIds.user + users]);
    const applied = rows[0].applied as number;
    onApplied(applied);
    if (applied >= events || signal.aborted) return applied;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
