import {
  ENGAGEMENTS,
  type EngagementCounts,
  engagementCounts,
  OBJECT_TYPES,
  type ObjectType,
  objectTypeCode,
  TRENDING_LIMIT_MAX,
} from '@activity-feed/contracts';
import { keyOfObject, objectOf, typeCodeOf } from '../activity/object-key';
import { LIST_LENGTH } from '../score-trends/score-sql';
import type { ScoredCounts } from '../timeline-index/queries/engaged-objects';
import { FirstItems } from '../timeline-index/queries/first-items';

export interface ClosedObject extends EngagementCounts {
  object_type: ObjectType;
  object_id: number;
  owner_id: number;
  owner_name: string;
  /** In millionths of a point. */
  score: number;
}

export interface ClosedList {
  objects: ClosedObject[];
  /** By type: the highest possible score of an object that is not listed. */
  bounds: Record<ObjectType, number>;
}

/** Counts and scores of objects in the open hours, by objectKey. */
export interface OpenObjects {
  get(key: number): ScoredCounts | undefined;
  /** Passes each object with an upper bound of its score: the exact scores of all objects would be expensive. */
  forEach(each: (key: number, most: number) => void): void;
}

/** Objects beyond the limit in an answer that is shared by viewers, since some are hidden from some of them. */
export const MORE = 100;

export interface RankedObject {
  key: number;
  /** One count per entry of ENGAGEMENTS. */
  counts: readonly number[];
  /** In millionths of a point. */
  score: number;
  /** A name, or a user number of the index. */
  owner: string | number;
  /** The id of an owner who is given by name. */
  ownerId?: number;
}

export interface Ranking {
  best: RankedObject[];
  /** Keys of objects that may belong to the best: their closed scores must be looked up. */
  doubtful: number[];
}

export function rank({ objects, bounds }: ClosedList, open: OpenObjects, limit: number): Ranking {
  const found = new FirstItems<RankedObject>(limit, inOrder);
  const listed = new Set<number>();
  for (const object of objects) {
    const ranked = sum(object, open);
    listed.add(ranked.key);
    found.add(ranked);
  }
  const boundsByCode: number[] = [];
  for (const type of OBJECT_TYPES) boundsByCode[objectTypeCode(type)] = bounds[type];
  const doubtful = new Map<number, number>();
  open.forEach((key, most) => {
    const bound = boundsByCode[typeCodeOf(key)] as number;
    const needed = (found.last?.score ?? 0) - bound;
    if (most < needed || listed.has(key)) return;
    const object = open.get(key);
    if (!object || object.score < needed) return;
    if (bound > 0) doubtful.set(key, object.score + bound);
    else found.add({ ...object, key });
  });
  const best = found.inOrder();
  const last = found.last?.score ?? 0;
  return { best, doubtful: Array.from(doubtful).flatMap(([key, highest]) => (highest >= last ? [key] : [])) };
}

export const rankOpen = (open: OpenObjects, limit: number): RankedObject[] =>
  rank({ objects: [], bounds: boundsOf([], 1) }, open, limit).best;

/** The list extended by the looked-up objects `keys`; those not in `found` have no closed counts. */
export function withObjects(
  { objects, bounds }: ClosedList,
  keys: readonly number[],
  found: ClosedObject[],
): ClosedList {
  const names = new Set(found.map(keyOf));
  const nothing = keys
    .filter((key) => !names.has(key))
    .map((key) => {
      const { type, id } = objectOf(key);
      return { object_type: type, object_id: id, owner_id: 0, owner_name: '', ...engagementCounts(() => 0), score: 0 };
    });
  return { objects: [...objects, ...found, ...nothing], bounds };
}

/**
 * A stored list (best first within each type) without the objects `noted`, whose scores are unknown. Undefined if fewer
 * than `shown` objects remain of a type: one that is not listed could then belong to the answer. `length`: where each
 * type's list was cut.
 */
export function withoutNoted(
  stored: readonly ClosedObject[],
  noted: ReadonlySet<number>,
  length = LIST_LENGTH,
  shown = TRENDING_LIMIT_MAX + MORE,
): ClosedList | undefined {
  const objects: ClosedObject[] = [];
  const bounds = boundsOf([], 1);
  for (const type of OBJECT_TYPES) {
    const ofType = stored.filter(({ object_type }) => object_type === type);
    const known = ofType.filter((object) => !noted.has(keyOf(object)));
    bounds[type] = boundsOf(ofType, length)[type];
    if (bounds[type] > 0 && known.length < shown) return undefined;
    objects.push(...known);
  }
  return { objects, bounds };
}

/** The bounds of a list that was cut at `length`. `objects`: best first. */
export function boundsOf(objects: readonly ClosedObject[], length: number): ClosedList['bounds'] {
  const last = objects.length < length ? 0 : (objects.at(-1)?.score ?? 0);
  return Object.fromEntries(OBJECT_TYPES.map((type) => [type, last])) as ClosedList['bounds'];
}

/** Best first; equal scores by type, then by id, newest first. */
function inOrder(a: RankedObject, b: RankedObject): number {
  if (a.score !== b.score) return b.score - a.score;
  const [first, second] = [objectOf(a.key), objectOf(b.key)];
  if (first.type !== second.type) return first.type < second.type ? -1 : 1;
  return second.id - first.id;
}

export const keyOf = ({ object_type, object_id }: Pick<ClosedObject, 'object_type' | 'object_id'>): number =>
  keyOfObject({ type: object_type, id: object_id });

function sum(closed: ClosedObject, open: OpenObjects): RankedObject {
  const key = keyOf(closed);
  const recent = open.get(key);
  return {
    key,
    counts: ENGAGEMENTS.map(({ count }, place) => closed[count] + (recent?.counts[place] ?? 0)),
    score: closed.score + (recent?.score ?? 0),
    ...(closed.owner_name
      ? { owner: closed.owner_name, ownerId: closed.owner_id }
      : { owner: recent?.owner as number }),
  };
}
