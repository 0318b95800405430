import { type LogPlace, type LogPosition, type Microseconds, objectTypeCode } from '@activity-feed/contracts';
import { KIND_MASK, kindOf, typeCodeOfKind } from '../../activity/activity-kinds';
import { objectKey } from '../../activity/object-key';
import type { Position } from '../../activity/positions';
import type { NewRow } from './new-row';
import { LAYOUT, type NumberedSegment, newSegment, type Segment } from './row-segment';

const { WORDS, ACTOR, TARGET, OBJECT_ID, KINDS, OLDER, SKIP, HIGH_ID_SHIFT, HIGH_ID_MASK, HIDDEN, HAS_ROOT } = LAYOUT;

/** A row's number in order of arrival, modulo 2^32. */
export type Row = number;

const SEGMENT_BITS = 16;
const WORD = 2 ** 32;
const COMMENT = objectTypeCode('comment');

/**
 * The activities, 60 bytes each: rows of 32 bytes with all that a page needs, separate event ids, which are read only if
 * times are equal, and what notifications need. Rows of comments and about comments take up to 16 bytes more. Rows are appended at one end and
 * evicted at the other, by whole segments.
 */
export class ActivityRows {
  readonly segmentRows: number;
  private readonly segments: (Segment | undefined)[];
  private readonly inSegment: number;
  private next: Row = 0;
  private live = 0;
  private appended = 0;
  private prefetched = 0;

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
    const { words, times, ids, comments, roots, notified } = segment;
    if (entry.time > segment.newest) segment.newest = entry.time;
    if (entry.time < segment.oldest) segment.oldest = entry.time;
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
    if (entry.place) notified.setPlace(index, entry.place);
    if (entry.ended) notified.setEnded(index, true);
    if (entry.commentId != null) comments.add(index, entry.commentId);
    if (entry.root !== undefined) {
      roots.add(index, entry.root, entry.rootOwner);
      this.mark(row, HAS_ROOT);
    }
    this.next = (row + 1) >>> 0;
    this.live++;
    this.appended++;
    return row;
  }

  /** Evicts the oldest segment after calling `visit` for each of its rows. */
  dropOldest(visit: (row: Row, actor: number, time: Microseconds, target: number) => void): void {
    const { first } = this;
    const { words, times } = this.segmentOf(first);
    for (let index = 0; index < this.segmentRows; index++) {
      const at = index * WORDS;
      const [actor, target] = [words[at + ACTOR] as number, words[at + TARGET] as number];
      visit(first + index, actor, times[at >> 1] as Microseconds, target);
    }
    this.segments[first >>> this.segmentBits] = undefined;
    this.live -= this.segmentRows;
  }

  /** The first row of each segment. */
  everySegment(): Row[] {
    const numberOf = (place: number) => (this.first + place * this.segmentRows) >>> 0;
    return Array.from({ length: Math.ceil(this.live / this.segmentRows) }, (_, place) => numberOf(place));
  }

  /** The segment that begins with the row `first`; undefined if it was evicted. */
  segmentAt(first: Row): NumberedSegment | undefined {
    const segment = this.segments[first >>> this.segmentBits];
    return segment && { ...segment, first, count: Math.min(this.segmentRows, (this.next - first) >>> 0) };
  }

  /** Brings the row into the processor's cache, without waiting for it. */
  prefetch(row: Row): void {
    this.prefetched ^= this.segments[row >>> this.segmentBits]?.words[(row & this.inSegment) * WORDS] ?? 0;
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
    const root = this.hasRoot(row) ? roots.get(at) : undefined;
    if (root !== undefined) keys.push(root);
    return keys;
  }

  /** The comment that the activity added; undefined for other verbs. */
  commentIdOf(row: Row): number | undefined {
    return this.segmentOf(row).comments.get(row & this.inSegment);
  }

  /** If the row is about a comment: the owner of what that hangs on. */
  rootOwnerOf(row: Row): number | undefined {
    return this.hasRoot(row) ? this.segmentOf(row).roots.userOf(row & this.inSegment) : undefined;
  }

  private hasRoot(row: Row): boolean {
    return (this.word(row, KINDS) & HAS_ROOT) !== 0;
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

  /** The next older row that concerns the same user; `row` itself if there is none. */
  olderOfTarget(row: Row): Row {
    return this.segmentOf(row).notified.older(row & this.inSegment);
  }

  setOlderOfTarget(row: Row, older: Row): void {
    this.segmentOf(row).notified.setOlder(row & this.inSegment, older);
  }

  /** Of the row's event in the log; undefined for events of earlier versions. */
  placeOf(row: Row): LogPlace | undefined {
    return this.segmentOf(row).notified.place(row & this.inSegment);
  }

  /** Whether the row's event lies before a position in the log. */
  isIn(row: Row, position: LogPosition): boolean {
    return this.segmentOf(row).notified.isIn(row & this.inSegment, position);
  }

  /** Whether the follow or request does not hold any more. */
  hasEnded(row: Row): boolean {
    return this.segmentOf(row).notified.hasEnded(row & this.inSegment);
  }

  setEnded(row: Row, ended: boolean): void {
    this.segmentOf(row).notified.setEnded(row & this.inSegment, ended);
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
    // The segment's times usually decide, without reading the row.
    const { newest, oldest } = this.segmentOf(row);
    if (newest < time) return -1;
    if (oldest > time) return 1;
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
