import type { Microseconds } from '@activity-feed/contracts';
import { idOfKey } from '../../activity/object-key';
import { LAYOUT, type Segment } from './row-segment';

const { WORDS, ACTOR, OBJECT_ID, KINDS, HIDDEN } = LAYOUT;

const FILTER_MASK = 2 ** 14 - 1;

/** `count` rows of a segment from the place `start` on, which are numbered from `first`. */
export interface Piece {
  first: number;
  start: number;
  count: number;
}

/** Writes the rows that {@link ActivityRows.rowsIn} returns to the beginning of `found`. Returns their number. */
export function rowsOfActors(
  found: Uint32Array,
  { words, times }: Segment,
  { first, start, count }: Piece,
  isWanted: Uint8Array,
  from: Microseconds,
  to: Microseconds,
): number {
  let size = 0;
  for (let index = 0; index < count; index++) {
    const at = (start + index) * WORDS;
    if (isWanted[words[at + ACTOR] as number] !== 1 || ((words[at + KINDS] as number) & HIDDEN) !== 0) continue;
    const time = times[at >> 1] as number;
    if (time >= from && time < to) found[size++] = first + index;
  }
  return size;
}

/** All rows of the segment that need one of the objects, and a few others. May have a row twice. */
export function rowsMaybeAbout(
  { words, comments, roots }: Segment,
  first: number,
  count: number,
  objects: ReadonlySet<number>,
): number[] {
  const found: number[] = [];
  const add = (index: number) => found.push((first + index) >>> 0);
  const mayBe = filterOf(objects);
  for (let index = 0; index < count; index++) {
    if (mayBe[(words[index * WORDS + OBJECT_ID] as number) & FILTER_MASK] === 1) add(index);
  }
  comments.forEachRow(add);
  roots.forEachRow(add);
  return found;
}

/** By the lowest bits of ids: whether any of the objects has them. Spares most rows the search in a set. */
function filterOf(objects: ReadonlySet<number>): Uint8Array {
  const filter = new Uint8Array(FILTER_MASK + 1);
  for (const key of objects) filter[idOfKey(key) % (FILTER_MASK + 1)] = 1;
  return filter;
}
