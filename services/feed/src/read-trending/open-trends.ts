import { setImmediate as nextTurn } from 'node:timers/promises';
import { OBJECT_TYPES, type ObjectType, TRENDING_WINDOWS } from '@activity-feed/contracts';
import { BUCKET_LENGTH } from '../aggregates/aggregate-time';
import type { ObjectCounts } from '../timeline-index/object-tally';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import type { TrendingTime } from './closed-trends';
import type { OpenObjects } from './rank';
import { POINTS, weightsOf } from './trending-score';

const MICROSECONDS = 1_000;

/** How objects did from the hour `from` (milliseconds since 1970) on, as the index knows it. */
export function openTrends(
  index: TimelineIndex,
  { window, hour }: TrendingTime,
  type: ObjectType | undefined,
  from: number,
): OpenObjects {
  const weights = weightsOf(window);
  const objects = new Map<number, ObjectCounts & { score: number }>();
  const isWanted = ofType(type);
  for (const [start, counted] of index.recent.since(from * MICROSECONDS)) {
    const age = Math.max(0, (hour - start / MICROSECONDS) / BUCKET_LENGTH.hour);
    const weight = weights[age] as number;
    for (const [key, { likes, shares, owner }] of counted) {
      if (!isWanted(key)) continue;
      const score = weight * (likes * (POINTS.like as number) + shares * (POINTS.share as number));
      const known = objects.get(key);
      if (known) {
        known.likes += likes;
        known.shares += shares;
        known.score += score;
      } else objects.set(key, { likes, shares, owner, score });
    }
  }
  return objects;
}

/** How objects did with `actors` (numbers of users) in all the window. Lets others have their turns in between. */
export async function trendsAmong(
  index: TimelineIndex,
  actors: Uint32Array,
  { window, hour }: TrendingTime,
  type: ObjectType | undefined,
): Promise<OpenObjects> {
  const from = (hour - TRENDING_WINDOWS[window] * BUCKET_LENGTH.hour) * MICROSECONDS;
  const weights = weightsOf(window);
  const isWanted = ofType(type);
  const tally = index.tally({ actors, from, hour: hour * MICROSECONDS, points: POINTS, weights });
  for (;;) {
    const { done, value } = tally.next();
    if (done) return type ? new Map(Array.from(value).filter(([key]) => isWanted(key))) : value;
    await nextTurn();
  }
}

function ofType(type: ObjectType | undefined): (key: number) => boolean {
  const wanted = type && OBJECT_TYPES.indexOf(type);
  return wanted === undefined ? () => true : (key) => key % OBJECT_TYPES.length === wanted;
}
