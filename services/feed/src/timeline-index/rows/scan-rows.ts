import type { Microseconds } from '@activity-feed/contracts';
import { idOfKey } from '../../activity/object-key';
import type { ActivityRows, Row } from './activity-rows';
import { NO_USER } from './new-row';
import { LAYOUT, type NumberedSegment } from './row-segment';

/*
 * Scans look at all rows, in the order in which they lie in memory, so that the processor fetches the next ones ahead.
 */

const { WORDS, ACTOR, TARGET, OBJECT_ID, KINDS, HIDDEN } = LAYOUT;

/** Rows that are looked at together, as they fit into the processor's cache: 128 KiB. */
const PIECE = 4_096;
const found = new Uint32Array(PIECE);

const FILTER_MASK = 2 ** 14 - 1;

/** A range of time; `to` is exclusive. */
export interface ScannedRange {
  from: Microseconds;
  to: Microseconds;
}

/** The first rows of the segments that may have rows in the range. */
export const segmentsIn = (rows: ActivityRows, { from, to }: ScannedRange): Row[] =>
  rows.everySegment().filter((first) => {
    const segment = rows.segmentAt(first);
    return segment !== undefined && segment.newest >= from && segment.oldest < to;
  });

/**
 * How many rows a scan of the range reads, and how many of them are in the range if they arrived in the order of time. Late
 * rows make it read more.
 */
export function costOfScan(rows: ActivityRows, range: ScannedRange): { read: number; within: number } {
  let [read, within] = [0, 0];
  for (const first of segmentsIn(rows, range)) {
    const count = rows.segmentAt(first)?.count ?? 0;
    const [start, end] = [rows.timeOf(first), rows.timeOf((first + count - 1) >>> 0)];
    const overlap = Math.min(end, range.to) - Math.max(start, range.from);
    read += count;
    within += overlap < 0 ? 0 : count * (end > start ? overlap / (end - start) : 1);
  }
  return { read, within };
}

/**
 * The rows of the segment whose actor is marked by 1 in `isWanted` and whose time is in the range, without hidden ones, in
 * pieces. A piece is valid until the next one, of whichever segment.
 */
export function* rowsOfActors(
  segment: NumberedSegment,
  isWanted: Uint8Array,
  range: ScannedRange,
): Generator<Uint32Array> {
  for (let start = 0; start < segment.count; start += PIECE) {
    const end = Math.min(start + PIECE, segment.count);
    yield found.subarray(0, findInPiece(segment, { start, end }, isWanted, range));
  }
}

/** Returns the number of rows in `found`. */
function findInPiece(
  { words, times, first }: NumberedSegment,
  { start, end }: { start: number; end: number },
  isWanted: Uint8Array,
  { from, to }: ScannedRange,
): number {
  let size = 0;
  for (let index = start; index < end; index++) {
    const at = index * WORDS;
    if (isWanted[words[at + ACTOR] as number] !== 1 || ((words[at + KINDS] as number) & HIDDEN) !== 0) continue;
    const time = times[at >> 1] as number;
    if (time >= from && time < to) found[size++] = first + index;
  }
  return size;
}

/** The rows of the segment that need one of the objects. */
export function rowsAbout(rows: ActivityRows, segment: NumberedSegment, objects: ReadonlySet<number>): Row[] {
  return rowsMaybeAbout(segment, objects).filter((row) => rows.keysOf(row).some((key) => objects.has(key)));
}

/** The rows of the segment that one of the users did, or owns what they are about. May have a row twice. */
export function rowsOfUsers(
  rows: ActivityRows,
  { words, roots, first, count }: NumberedSegment,
  users: ReadonlySet<number>,
): Row[] {
  const found: Row[] = [];
  for (let index = 0; index < count; index++) {
    const at = index * WORDS;
    if (users.has(words[at + ACTOR] as number) || users.has(words[at + TARGET] as number))
      found.push((first + index) >>> 0);
  }
  roots.forEachRow((index) => {
    const row = (first + index) >>> 0;
    if (users.has(rows.rootOwnerOf(row) ?? NO_USER)) found.push(row);
  });
  return found;
}

/** These rows and a few others. May have a row twice. */
function rowsMaybeAbout(
  { words, comments, roots, first, count }: NumberedSegment,
  objects: ReadonlySet<number>,
): Row[] {
  const maybe: Row[] = [];
  const add = (index: number) => maybe.push((first + index) >>> 0);
  const mayBe = filterOf(objects);
  for (let index = 0; index < count; index++) {
    if (mayBe[(words[index * WORDS + OBJECT_ID] as number) & FILTER_MASK] === 1) add(index);
  }
  comments.forEachRow(add);
  roots.forEachRow(add);
  return maybe;
}

/** By the lowest bits of ids: whether any of the objects has them. Spares most rows the search in a set. */
function filterOf(objects: ReadonlySet<number>): Uint8Array {
  const filter = new Uint8Array(FILTER_MASK + 1);
  for (const key of objects) filter[idOfKey(key) % (FILTER_MASK + 1)] = 1;
  return filter;
}

/** Gives `mark` to the actor's rows that have the mark `having`. Looks at every row. */
export function markWhere(rows: ActivityRows, actor: number, having: number, mark: number): void {
  for (const first of rows.everySegment()) {
    const { words } = rows.segmentAt(first) as NumberedSegment;
    for (let at = 0; at < words.length; at += WORDS) {
      const kinds = words[at + KINDS] as number;
      if (words[at + ACTOR] === actor && (kinds & having) !== 0) words[at + KINDS] = kinds | mark;
    }
  }
}
