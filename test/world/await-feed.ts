import { SOURCES } from '@activity-feed/contracts';
import type { WorldPlan } from './plan.ts';
import type { Stores } from './stores.ts';

/** How many of the world's events the feed has applied: versions count from 1 in each stream. */
const APPLIED = `
SELECT coalesce(sum(version), 0)::float8 AS applied FROM applied_versions
WHERE source = ANY ($1) AND stream >= $2 AND stream < $3`;

const PAUSE = 250;

/** Resolves when the feed has applied `events` of the world, or when `signal` is aborted. */
export async function awaitFeed(
  { feed }: Stores,
  { firstIds, users }: WorldPlan,
  events: number,
  onApplied: (events: number) => void,
  signal: AbortSignal,
): Promise<number> {
  for (;;) {
    const { rows } = await feed.query(APPLIED, [SOURCES, firstIds.user, firstIds.user + users]);
    const applied = rows[0].applied as number;
    onApplied(applied);
    if (applied >= events || signal.aborted) return applied;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
