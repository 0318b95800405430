import type { Microseconds } from '@activity-feed/contracts';
import { objectTypeCode } from '@activity-feed/contracts';
import { type ActivityKind, KIND_BITS, KIND_MASK, kindOf, typeCodeOfKind } from '../../activity/activity-kinds';
import { idOfKey, objectKey } from '../../activity/object-key';
import type { Position } from '../../activity/positions';
import { SparseColumn } from './sparse-column';

/** A row's number in order of arrival, modulo 2^32. */
export type Row = number;

/** An activity with user numbers instead of ids. */
export interface NewRow extends Position, ActivityKind {
  readonly actor: number;
  readonly objectId: number | null;
  readonly target: number;
  readonly commentId?: number | null | undefined;
  /** If the object is a comment: the objectKey of what it comments on. */
  readonly root?: number | undefined;
}

export const NO_USER = -1;

const SEGMENT_BITS = 16;

/** 32 bytes a row: time, actor, target, the object's id (lowest 32 bits), kinds, older, skip. */
const WORDS = 8;
const ACTOR = 2;
const TARGET = 3;
const OBJECT_ID = 4;
const KINDS = 5;
const OLDER = 6;
const SKIP = 7;

/** The word KINDS holds the kind, above it the object id's bits from 32 up, and above them the marks of a hidden row. */
const HIGH_ID_SHIFT = KIND_BITS;
const HIGH_ID_BITS = 53 - 32;
const HIGH_ID_MASK = 2 ** HIGH_ID_BITS - 1;
/** The mark of a row whose activity was taken back. */
export const UNDONE = 1 << (HIGH_ID_SHIFT + HIGH_ID_BITS);
/** The mark of a row that is about a deleted object. */
export const DELETED = UNDONE << 1;
const HIDDEN = UNDONE | DELETED;
const WORD = 2 ** 32;

const COMMENT = objectTypeCode('comment');
const FILTER_MASK = 2 ** 14 - 1;

interface Segment {
  newest: number;
  readonly words: Int32Array;
  readonly times: Float64Array;
  readonly ids: Uint32Array;
  readonly comments: SparseColumn;
  readonly roots: SparseColumn;
}

/**
 * The activities, 48 bytes each: rows of 32 bytes with all that a page needs, and separate event ids, which are read only
 * if times are equal. Rows of comments and about comments take up to 16 bytes more. Rows are appended at one end and
 * evicted at the other, by whole segments.
 */
export class ActivityRows {
  readonly segmentRows: number;
  private readonly segments: (Segment | undefined)[];
  private readonly inSegment: number;
  private next: Row = 0;
  private live = 0;
  private appended = 0;

  constructor(private readonly segmentBits = SEGMENT_BITS) {
    this.segmentRows = 2 ** segmentBits;
    this.inSegment = this.segmentRows - 1;
    this.segments = new Array(2 ** (32 - segmentBits));
  }

  get count(): number {
    return this.live;
  }

  get total(): number {
    return this.appended;
  }

  /** Whether `row` is still in memory. Wrong if it was appended more than 2^32 rows ago: numbers wrap around. */
  has(row: Row): boolean {
    return (this.next - 1 - row) >>> 0 < this.live;
  }

  /** Appends a row whose links point to itself, which means none. */
  append(entry: NewRow): Row {
    const row = this.next;
    const index = row & this.inSegment;
    if (index === 0) this.segments[row >>> this.segmentBits] = newSegment(this.segmentRows);
    const segment = this.segmentOf(row);
    const { words, times, ids, comments, roots } = segment;
    if (entry.time > segment.newest) segment.newest = entry.time;
    const at = index * WORDS;
    const objectId = entry.objectId ?? 0;
    times[at >> 1] = entry.time;
    words[at + ACTOR] = entry.actor;
    words[at + TARGET] = entry.target;
    words[at + OBJECT_ID] = objectId;
    words[at + KINDS] = kindOf(entry) | (Math.floor(objectId / WORD) << HIGH_ID_SHIFT);
    words[at + OLDER] = row;
    words[at + SKIP] = row;
    ids.set(entry.id, index * 4);
    if (entry.commentId != null) comments.add(index, entry.commentId);
    if (entry.root !== undefined) roots.add(index, entry.root);
    this.next = (row + 1) >>> 0;
    this.live++;
    this.appended++;
    return row;
  }

  /** Evicts the oldest segment after calling `visit` for each of its rows. */
  dropOldest(visit: (row: Row, actor: number, time: Microseconds) => void): void {
    const { first } = this;
    const { words, times } = this.segmentOf(first);
    for (let index = 0; index < this.segmentRows; index++) {
      const at = index * WORDS;
      visit(first + index, words[at + ACTOR] as number, times[at >> 1] as Microseconds);
    }
    this.segments[first >>> this.segmentBits] = undefined;
    this.live -= this.segmentRows;
  }

  segmentsSince(time: Microseconds): Row[] {
    const firsts = Array.from(
      { length: Math.ceil(this.live / this.segmentRows) },
      (_, number) => (this.first + number * this.segmentRows) >>> 0,
    );
    return firsts.filter((first) => this.segmentOf(first).newest >= time);
  }

  /**
   * The rows of the segment that begins with `first` whose actor is marked by 1 in `isWanted`, from `from` to before `to`,
   * without hidden ones; none if the segment was evicted.
   */
  rowsIn(first: Row, isWanted: Uint8Array, from: Microseconds, to: Microseconds): Uint32Array {
    const segment = this.segments[first >>> this.segmentBits];
    const found = new Uint32Array(segment ? this.segmentRows : 0);
    if (!segment) return found;
    const { words, times } = segment;
    const count = Math.min(this.segmentRows, (this.next - first) >>> 0);
    let size = 0;
    for (let index = 0; index < count; index++) {
      const at = index * WORDS;
      if (isWanted[words[at + ACTOR] as number] !== 1 || ((words[at + KINDS] as number) & HIDDEN) !== 0) continue;
      const time = times[at >> 1] as number;
      if (time >= from && time < to) found[size++] = first + index;
    }
    return found.subarray(0, size);
  }

  private get first(): Row {
    return (this.next - this.live) >>> 0;
  }

  timeOf(row: Row): Microseconds {
    return this.segmentOf(row).times[((row & this.inSegment) * WORDS) >> 1] as Microseconds;
  }

  actorOf(row: Row): number {
    return this.word(row, ACTOR);
  }

  targetOf(row: Row): number {
    return this.word(row, TARGET);
  }

  kindOf(row: Row): number {
    return this.word(row, KINDS) & KIND_MASK;
  }

  objectIdOf(row: Row): number {
    const high = (this.word(row, KINDS) >>> HIGH_ID_SHIFT) & HIGH_ID_MASK;
    return high * WORD + (this.word(row, OBJECT_ID) >>> 0);
  }

  /** Whether the row has any mark. */
  isHidden(row: Row): boolean {
    return (this.word(row, KINDS) & HIDDEN) !== 0;
  }

  isMarked(row: Row, mark: number): boolean {
    return (this.word(row, KINDS) & mark) !== 0;
  }

  mark(row: Row, mark: number): void {
    this.setWord(row, KINDS, this.word(row, KINDS) | mark);
  }

  unmark(row: Row, mark: number): void {
    this.setWord(row, KINDS, this.word(row, KINDS) & ~mark);
  }

  /** The objects, by objectKey, without which the row is not shown: what it is about, its comment and what that is on. */
  keysOf(row: Row): number[] {
    const { comments, roots } = this.segmentOf(row);
    const at = row & this.inSegment;
    const type = typeCodeOfKind(this.kindOf(row));
    const keys = type === 0 ? [] : [objectKey(type, this.objectIdOf(row))];
    const comment = comments.get(at);
    if (comment !== undefined) keys.push(objectKey(COMMENT, comment));
    const root = roots.get(at);
    if (root !== undefined) keys.push(root);
    return keys;
  }

  /** The rows of the segment that begins with `first` that need one of the objects; none if the segment was evicted. */
  rowsAbout(first: Row, objects: ReadonlySet<number>): Row[] {
    const segment = this.segments[first >>> this.segmentBits];
    if (!segment) return [];
    const found: Row[] = [];
    const add = (index: number) => {
      const row = (first + index) >>> 0;
      if (this.keysOf(row).some((key) => objects.has(key))) found.push(row);
    };
    const { words, comments, roots } = segment;
    const count = Math.min(this.segmentRows, (this.next - first) >>> 0);
    const mayBe = filterOf(objects);
    for (let index = 0; index < count; index++) {
      if (mayBe[(words[index * WORDS + OBJECT_ID] as number) & FILTER_MASK] === 1) add(index);
    }
    comments.forEachRow(add);
    roots.forEachRow(add);
    return found;
  }

  /** Gives `mark` to the actor's rows that have the mark `having`. Looks at every row. */
  markWhere(actor: number, having: number, mark: number): void {
    for (const first of this.segmentsSince(Number.NEGATIVE_INFINITY as Microseconds)) {
      const { words } = this.segmentOf(first);
      for (let at = 0; at < words.length; at += WORDS) {
        const kinds = words[at + KINDS] as number;
        if (words[at + ACTOR] === actor && (kinds & having) !== 0) words[at + KINDS] = kinds | mark;
      }
    }
  }

  /** The comment that the activity added; undefined for other verbs. */
  commentIdOf(row: Row): number | undefined {
    return this.segmentOf(row).comments.get(row & this.inSegment);
  }

  /** The next older row of the same actor; `row` itself if there is none. */
  older(row: Row): Row {
    return this.word(row, OLDER) >>> 0;
  }

  setOlder(row: Row, older: Row): void {
    this.setWord(row, OLDER, older);
  }

  /** A much older row of the same actor; `row` itself if there is none. */
  skip(row: Row): Row {
    return this.word(row, SKIP) >>> 0;
  }

  setSkip(row: Row, target: Row): void {
    this.setWord(row, SKIP, target);
  }

  idWord(row: Row, index: number): number {
    return this.segmentOf(row).ids[(row & this.inSegment) * 4 + index] as number;
  }

  isNewer(a: Row, b: Row): boolean {
    const [timeA, timeB] = [this.timeOf(a), this.timeOf(b)];
    if (timeA !== timeB) return timeA > timeB;
    for (let index = 0; index < 4; index++) {
      const [wordA, wordB] = [this.idWord(a, index), this.idWord(b, index)];
      if (wordA !== wordB) return wordA > wordB;
    }
    return false;
  }

  /** Negative if `row` is older than `position`, positive if it is newer, 0 if it is there. */
  compare(row: Row, { time, id }: Position): number {
    const difference = this.timeOf(row) - time;
    if (difference !== 0) return difference;
    for (let index = 0; index < 4; index++) {
      const words = this.idWord(row, index) - (id[index] as number);
      if (words !== 0) return words;
    }
    return 0;
  }

  positionOf(row: Row): Position {
    const word = (index: number) => this.idWord(row, index);
    return { time: this.timeOf(row), id: [word(0), word(1), word(2), word(3)] };
  }

  private segmentOf(row: Row): Segment {
    return this.segments[row >>> this.segmentBits] as Segment;
  }

  private word(row: Row, word: number): number {
    return this.segmentOf(row).words[(row & this.inSegment) * WORDS + word] as number;
  }

  private setWord(row: Row, word: number, value: number): void {
    this.segmentOf(row).words[(row & this.inSegment) * WORDS + word] = value;
  }
}

/** By the lowest bits of ids: whether any of the objects has them. Spares most rows the search in a set. */
function filterOf(objects: ReadonlySet<number>): Uint8Array {
  const filter = new Uint8Array(FILTER_MASK + 1);
  for (const key of objects) filter[idOfKey(key) % (FILTER_MASK + 1)] = 1;
  return filter;
}

function newSegment(rows: number): Segment {
  const buffer = new ArrayBuffer(rows * WORDS * 4);
  return {
    newest: Number.NEGATIVE_INFINITY,
    words: new Int32Array(buffer),
    times: new Float64Array(buffer),
    ids: new Uint32Array(rows * 4),
    comments: new SparseColumn(),
    roots: new SparseColumn(),
  };
}
