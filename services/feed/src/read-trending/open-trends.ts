import {
  ENGAGEMENTS,
  type EngagementKind,
  fromMilliseconds,
  type Milliseconds,
  type ObjectType,
  objectTypeCode,
  SEPARATE_TRENDS,
} from '@activity-feed/contracts';
import { HOUR } from '../activity/durations';
import { typeCodeOf } from '../activity/object-key';
import { WEIGHT_ONE, weightsOf } from '../score-trends/weights';
import type { ScoredCounts } from '../timeline-index/queries/engaged-objects';
import { inTurns } from '../timeline-index/queries/in-turns';
import type { RowsOf } from '../timeline-index/queries/walk-lists';
import { addCounts } from '../timeline-index/rows/object-slots';
import type { RecentObject } from '../timeline-index/rows/recent-engagement';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { type TrendingTime, windowStart } from './closed-trends';
import type { OpenObjects } from './rank';

function pointsOf(counts: readonly number[]): number {
  let sum = 0;
  for (let place = 0; place < ENGAGEMENTS.length; place++) {
    sum += (counts[place] as number) * (ENGAGEMENTS[place] as EngagementKind).points;
  }
  return sum;
}

/** Scores of objects since the hour `from`, computed from the index at each call. */
export function openTrends(
  index: TimelineIndex,
  { window, hour }: TrendingTime,
  type: ObjectType | undefined,
  from: Milliseconds,
): OpenObjects {
  const { recent } = index;
  const weights = weightsOf(window);
  const isWanted = ofType(type);
  const [first, latest] = [fromMilliseconds(from), fromMilliseconds(hour)];
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

/** Scores of objects among actors (user numbers) in the whole window. Yields to other work. */
export async function trendsAmong(
  index: TimelineIndex,
  of: Pick<RowsOf, 'actors' | 'visibility'>,
  time: TrendingTime,
  type: ObjectType | undefined,
): Promise<OpenObjects> {
  const from = fromMilliseconds(windowStart(time));
  const weights = weightsOf(time.window);
  const isWanted = ofType(type);
  const tally = await inTurns(index.tally({ ...of, from, hour: fromMilliseconds(time.hour), weights }));
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
  return wanted === undefined
    ? (key) => !SEPARATE_CODES.includes(typeCodeOf(key))
    : (key) => typeCodeOf(key) === wanted;
}

const SEPARATE_CODES = SEPARATE_TRENDS.map(objectTypeCode);
