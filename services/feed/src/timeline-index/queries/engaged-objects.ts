import { ENGAGEMENTS, type Microseconds, objectTypeCode } from '@activity-feed/contracts';
import { tableOfKinds } from '../../activity/activity-kinds';
import { HOUR } from '../../activity/durations';
import { objectKey } from '../../activity/object-key';
import type { DeletedObjects } from '../rows/deleted-objects';
import type { ObjectCounts } from '../rows/object-slots';
import { type RowSource, visitRows } from './visit-rows';
import type { RowsOf } from './walk-lists';

export interface ScoredCounts extends ObjectCounts {
  score: number;
}

/** `from` is the start of an hour. */
export interface EngagementOf extends RowsOf {
  /** Start of the hour of age 0. */
  hour: Microseconds;
  /** Weight by age in hours. Newer activities have age 0. */
  weights: readonly number[];
}

export interface TalliedRows extends RowSource {
  objects: Pick<DeletedObjects, 'watch' | 'unwatch'>;
}

const NOT_COUNTED = -1;
/** By kind: its verb's index in ENGAGEMENTS. */
const PLACES = tableOfKinds(
  ({ verb, objectType }) => (objectType ? ENGAGEMENTS.findIndex((one) => one.verb === verb) : NOT_COUNTED),
  NOT_COUNTED,
);
const TYPE_CODES = tableOfKinds(({ objectType }) => (objectType ? objectTypeCode(objectType) : 0), 0);
const POINTS = ENGAGEMENTS.map(({ points }) => points);

/** Counts and scores of objects among the actors, by objectKey. Pauses as {@link visitRows} does. */
export function* tallyObjects(index: TalliedRows, of: EngagementOf): Generator<undefined, Map<number, ScoredCounts>> {
  const objects = new Map<number, ScoredCounts>();
  // Of an object that appears or disappears meanwhile only some rows would be counted.
  const changed = index.objects.watch();
  try {
    yield* countRows(index, of, objects);
  } finally {
    index.objects.unwatch(changed);
  }
  for (const key of changed) objects.delete(key);
  return objects;
}

function* countRows(
  index: TalliedRows,
  of: EngagementOf,
  objects: Map<number, ScoredCounts>,
): Generator<undefined, void> {
  const { rows } = index;
  const { hour, weights } = of;
  yield* visitRows(index, of, (row, time) => {
    const kind = rows.kindOf(row);
    const place = PLACES[kind] as number;
    if (place === NOT_COUNTED) return;
    const key = objectKey(TYPE_CODES[kind] as number, rows.objectIdOf(row));
    let object = objects.get(key);
    if (!object) {
      object = { counts: ENGAGEMENTS.map(() => 0), owner: rows.targetOf(row), score: 0 };
      objects.set(key, object);
    }
    object.counts[place] = (object.counts[place] as number) + 1;
    object.score +=
      (POINTS[place] as number) * (weights[Math.max(0, (hour - (time - (time % HOUR))) / HOUR)] as number);
  });
}
