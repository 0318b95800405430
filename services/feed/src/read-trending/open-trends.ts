import { OBJECT_TYPES, type ObjectType, TRENDING_WINDOWS } from '@activity-feed/contracts';
import { BUCKET_LENGTH } from '../aggregates/aggregate-time';
import { inTurns } from '../serve-reads/in-turns';
import type { ScoredCounts } from '../timeline-index/engaged-objects';
import { HOUR, type RecentObject } from '../timeline-index/recent-engagement';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import type { TrendingTime } from './closed-trends';
import type { OpenObjects } from './rank';
import { POINTS, WEIGHT_ONE, weightsOf } from './trending-score';

const MICROSECONDS = 1_000;
const { like: LIKE = 0, share: SHARE = 0 } = POINTS;
const pointsOf = (likes: number, shares: number) => likes * LIKE + shares * SHARE;

/** How objects did from the hour `from` (milliseconds since 1970) on, as the index knows it when it is asked. */
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
  /** Undefined for nothing in these hours. */
  const sum = ({ owner, hours }: RecentObject): ScoredCounts | undefined => {
    const counts = { likes: 0, shares: 0, score: 0, owner };
    for (const { start, likes, shares } of hours) {
      if (start < first) continue;
      counts.likes += likes;
      counts.shares += shares;
      counts.score += (weights[Math.max(0, (latest - start) / HOUR)] as number) * pointsOf(likes, shares);
    }
    return counts.score > 0 ? counts : undefined;
  };
  return {
    get: (key) => {
      const object = recent.get(key);
      return object && sum(object);
    },
    forEach: (each) =>
      recent.forEach((key, likes, shares) => {
        // Not yet by age, nor by which hours are wanted.
        if (isWanted(key)) each(key, pointsOf(likes, shares) * WEIGHT_ONE);
      }),
  };
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
  const tally = await inTurns(index.tally({ actors, from, hour: hour * MICROSECONDS, points: POINTS, weights }));
  return {
    get: (key) => tally.get(key),
    forEach: (each) =>
      tally.forEach(({ score }, key) => {
        if (isWanted(key)) each(key, score);
      }),
  };
}

function ofType(type: ObjectType | undefined): (key: number) => boolean {
  const wanted = type && OBJECT_TYPES.indexOf(type);
  return wanted === undefined ? () => true : (key) => key % OBJECT_TYPES.length === wanted;
}
