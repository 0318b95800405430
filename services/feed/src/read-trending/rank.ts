import {
  ENGAGEMENTS,
  type EngagementCounts,
  engagementCounts,
  OBJECT_TYPES,
  type ObjectType,
  objectTypeCode,
} from '@activity-feed/contracts';
import { keyOfObject, objectOf, typeCodeOf } from '../activity/object-key';
import type { ScoredCounts } from '../timeline-index/queries/engaged-objects';
import { FirstItems } from '../timeline-index/queries/first-items';

/** How an object did in the closed hours. */
export interface ClosedObject extends EngagementCounts {
  object_type: ObjectType;
  object_id: number;
  owner_name: string;
  /** In millionths of a point. */
  score: number;
}

/** What did best in the closed hours. */
export interface ClosedList {
  objects: ClosedObject[];
  /** The highest score that an object of a type may have which is not among them. */
  bounds: Record<ObjectType, number>;
}

/** How objects did in the open hours, by objectKey. */
export interface OpenObjects {
  get(key: number): ScoredCounts | undefined;
  /** Gives each with what its score is at most: to tell that of all of them is not worth it. */
  forEach(each: (key: number, most: number) => void): void;
}

export interface RankedObject {
  /** See objectKey. */
  key: number;
  /** By their places in ENGAGEMENTS. */
  counts: readonly number[];
  /** In millionths of a point. */
  score: number;
  /** A name, or a number of the index. */
  owner: string | number;
}

export interface Ranking {
  /** The best first. */
  best: RankedObject[];
  /** Keys of objects that might belong there: what they did in the closed hours is to be looked up. */
  doubtful: number[];
}

/** Adds up what is closed and what is open, and finds the best `limit`. */
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

/** The best `limit` of what is open alone. */
export const rankOpen = (open: OpenObjects, limit: number): RankedObject[] =>
  rank({ objects: [], bounds: boundsOf([], 1) }, open, limit).best;

/** The same list with what was looked up of the objects `keys`: nothing is known of one that is not in `found`. */
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
      return { object_type: type, object_id: id, owner_name: '', ...engagementCounts(() => 0), score: 0 };
    });
  return { objects: [...objects, ...found, ...nothing], bounds };
}

/** Bounds where `objects`, the best first, were cut at `length`. */
export function boundsOf(objects: readonly ClosedObject[], length: number): ClosedList['bounds'] {
  const last = objects.length < length ? 0 : (objects.at(-1)?.score ?? 0);
  return Object.fromEntries(OBJECT_TYPES.map((type) => [type, last])) as ClosedList['bounds'];
}

/** The best first; equal scores stand in order of type and, newest first, id. */
function inOrder(a: RankedObject, b: RankedObject): number {
  if (a.score !== b.score) return b.score - a.score;
  const [first, second] = [objectOf(a.key), objectOf(b.key)];
  if (first.type !== second.type) return first.type < second.type ? -1 : 1;
  return second.id - first.id;
}

const keyOf = ({ object_type, object_id }: ClosedObject) => keyOfObject({ type: object_type, id: object_id });

function sum(closed: ClosedObject, open: OpenObjects): RankedObject {
  const key = keyOf(closed);
  const recent = open.get(key);
  return {
    key,
    counts: ENGAGEMENTS.map(({ count }, place) => closed[count] + (recent?.counts[place] ?? 0)),
    score: closed.score + (recent?.score ?? 0),
    owner: closed.owner_name || (recent?.owner as number),
  };
}
