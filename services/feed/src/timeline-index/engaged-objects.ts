import { OBJECT_TYPES, type Verb } from '@activity-feed/contracts';
import { KIND_MASK, readKind } from './activity-kinds';
import { type ObjectCounts, objectKey } from './object-tally';
import { HOUR } from './recent-engagement';
import { type RowSource, visitRows } from './visit-rows';
import type { RowsOf } from './walk-lists';

export interface ScoredCounts extends ObjectCounts {
  score: number;
}

/** From the start of an hour on. */
export interface EngagementOf extends RowsOf {
  /** Start of the hour that has the age 0, microseconds since 1970. */
  hour: number;
  /** What an activity of a kind counts. */
  points: Partial<Record<Verb, number>>;
  /** By how much it counts at each age in hours; what is newer than `hour` counts as if it were of it. */
  weights: readonly number[];
}

/** Adds up how objects did with some actors, by objectKey. Pauses as {@link visitRows} does. */
export function* tallyObjects(index: RowSource, of: EngagementOf): Generator<undefined, Map<number, ScoredCounts>> {
  const { rows } = index;
  const { hour, points, weights } = of;
  const objects = new Map<number, ScoredCounts>();
  const kinds = Array.from({ length: KIND_MASK + 1 }, (_, kind) => readKind(kind));
  const worths = kinds.map(({ verb, objectType }) => (objectType && points[verb]) || 0);
  const types = kinds.map(({ objectType }) => (objectType ? OBJECT_TYPES.indexOf(objectType) : 0));
  const likes = kinds.map(({ verb }) => verb === 'like');
  yield* visitRows(index, of, (row, time) => {
    const kind = rows.kindOf(row);
    const worth = worths[kind] as number;
    if (worth === 0) return;
    const key = objectKey(types[kind] as number, rows.objectIdOf(row));
    let counts = objects.get(key);
    if (!counts) {
      counts = { likes: 0, shares: 0, owner: rows.targetOf(row), score: 0 };
      objects.set(key, counts);
    }
    if (likes[kind]) counts.likes++;
    else counts.shares++;
    counts.score += worth * (weights[Math.max(0, (hour - (time - (time % HOUR))) / HOUR)] as number);
  });
  return objects;
}
