import { OBJECT_TYPES, type Verb } from '@activity-feed/contracts';
import { type ActivityRows, KIND_MASK, readKind } from './activity-rows';
import type { ActorLists } from './actor-list';
import { type ObjectCounts, objectKey } from './object-tally';
import { HOUR } from './recent-engagement';

export interface ScoredCounts extends ObjectCounts {
  score: number;
}

export interface EngagementOf {
  actors: Uint32Array;
  /** Start of the first hour and of the one that has the age 0, microseconds since 1970. */
  from: number;
  hour: number;
  /** What an activity of a kind counts. */
  points: Partial<Record<Verb, number>>;
  /** By how much it counts at each age in hours; what is newer than `hour` counts as if it were of it. */
  weights: readonly number[];
}

/** Rows after which others may have their turn. */
const TURN = 20_000;

/** Adds up how objects did with `actors`, by objectKey. Pauses at times: other calls may come in between. */
export function* tallyObjects(
  rows: ActivityRows,
  lists: ActorLists,
  { actors, from, hour, points, weights }: EngagementOf,
): Generator<undefined, Map<number, ScoredCounts>> {
  const objects = new Map<number, ScoredCounts>();
  const kinds = Array.from({ length: KIND_MASK + 1 }, (_, kind) => readKind(kind));
  const worths = kinds.map(({ verb, objectType }) => (objectType && points[verb]) || 0);
  const types = kinds.map(({ objectType }) => (objectType ? OBJECT_TYPES.indexOf(objectType) : 0));
  const likes = kinds.map(({ verb }) => verb === 'like');
  let seen = 0;
  for (const actor of actors) {
    for (let row = lists.newest(actor); row !== undefined; row = lists.after(row)) {
      const time = rows.timeOf(row);
      if (time < from) break;
      seen++;
      const kind = rows.kindOf(row);
      const worth = worths[kind] as number;
      if (worth === 0) continue;
      const key = objectKey(types[kind] as number, rows.objectIdOf(row));
      let counts = objects.get(key);
      if (!counts) {
        counts = { likes: 0, shares: 0, owner: rows.targetOf(row), score: 0 };
        objects.set(key, counts);
      }
      if (likes[kind]) counts.likes++;
      else counts.shares++;
      counts.score += worth * (weights[Math.max(0, (hour - (time - (time % HOUR))) / HOUR)] as number);
    }
    if (seen < TURN) continue;
    seen = 0;
    yield;
  }
  return objects;
}
