import {
  ENGAGEMENTS,
  type EngagementKind,
  type ObjectType,
  objectTypeCode,
  TRENDING_WINDOWS,
} from '@activity-feed/contracts';
import { typeCodeOf } from '../activity/object-key';
import { BUCKET_LENGTH } from '../aggregates/aggregate-time';
import { WEIGHT_ONE, weightsOf } from '../aggregates/trending-sql';
import type { ScoredCounts } from '../timeline-index/queries/engaged-objects';
import { inTurns } from '../timeline-index/queries/in-turns';
import { addCounts } from '../timeline-index/rows/object-slots';
import { HOUR, type RecentObject } from '../timeline-index/rows/recent-engagement';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import type { TrendingTime } from './closed-trends';
import type { OpenObjects } from './rank';

const MICROSECONDS = 1_000;

function pointsOf(counts: readonly number[]): number {
  let sum = 0;
  for (let place = 0; place < ENGAGEMENTS.length; place++) {
    sum += (counts[place] as number) * (ENGAGEMENTS[place] as EngagementKind).points;
  }
  return sum;
}

/** Scores of objects since the hour `from` (milliseconds since 1970), computed from the index at each call. */
export function openTrends(
  index: TimelineIndex,
  { window, hour }: TrendingTime,
  type: ObjectType | undefined,
  from: number,
): OpenObjects {
  const { recent } = index;
  const weights = weightsOf(window);
  const isWanted = ofType(type);
  const [first, latest] = [from * MICROSECONDS, hour * MICROSECONDS];
  /** Undefined if the object has no points in these hours. */
  const sum = ({ owner, hours }: RecentObject): ScoredCounts | undefined => {
    const found = { counts: ENGAGEMENTS.map(() => 0), score: 0, owner };
    for (const { start, counts } of hours) {
      if (start < first) continue;
      addCounts(found.counts, counts);
      found.score += (weights[Math.max(0, (latest - start) / HOUR)] as number) * pointsOf(counts);
    }
    return found.score > 0 ? found : undefined;
  };
  return {
    get: (key) => {
      const object = recent.get(key);
      return object && sum(object);
    },
    forEach: (each) =>
      recent.forEach((key, counts) => {
        // An upper bound: without weights, and including hours before `from`.
        if (isWanted(key)) each(key, pointsOf(counts) * WEIGHT_ONE);
      }),
  };
}

/** Scores of objects among `actors` (user numbers) in the whole window. Yields to other work. */
export async function trendsAmong(
  index: TimelineIndex,
  actors: Uint32Array,
  { window, hour }: TrendingTime,
  type: ObjectType | undefined,
): Promise<OpenObjects> {
  const from = (hour - TRENDING_WINDOWS[window] * BUCKET_LENGTH.hour) * MICROSECONDS;
  const weights = weightsOf(window);
  const isWanted = ofType(type);
  const tally = await inTurns(index.tally({ actors, from, hour: hour * MICROSECONDS, weights }));
  return {
    get: (key) => tally.get(key),
    forEach: (each) =>
      tally.forEach(({ score }, key) => {
        if (isWanted(key)) each(key, score);
      }),
  };
}

function ofType(type: ObjectType | undefined): (key: number) => boolean {
  const wanted = type && objectTypeCode(type);
  return wanted === undefined ? () => true : (key) => typeCodeOf(key) === wanted;
}
