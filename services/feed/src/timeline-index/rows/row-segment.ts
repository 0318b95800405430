import { KIND_BITS } from '../../activity/activity-kinds';
import { NotifiedColumns } from './notified-columns';
import { SparseColumn } from './sparse-column';

/** The word KINDS holds the kind, above it the object id's bits from 32 up, the marks of a hidden row, and HAS_ROOT. */
const HIGH_ID_SHIFT = KIND_BITS;
const HIGH_ID_BITS = 53 - 32;
/** The mark of a row whose activity was taken back, or that is no activity: it is in no actor's list. */
export const UNDONE = 1 << (HIGH_ID_SHIFT + HIGH_ID_BITS);
/** The mark of a row that is about a deleted object. */
export const DELETED = UNDONE << 1;
const HAS_ROOT = DELETED << 1;

/**
 * Where the values of a row lie: 32 bytes with the time, actor, target, the object's id (lowest 32 bits), kinds, older and
 * skip. Modules copy what they use: reading a property of another module in every loop would cost time.
 */
export const LAYOUT = {
  WORDS: 8,
  ACTOR: 2,
  TARGET: 3,
  OBJECT_ID: 4,
  KINDS: 5,
  OLDER: 6,
  SKIP: 7,
  HIGH_ID_SHIFT,
  HIGH_ID_MASK: 2 ** HIGH_ID_BITS - 1,
  HIDDEN: UNDONE | DELETED,
  HAS_ROOT,
};

export interface Segment {
  /** The times of its newest and its oldest row. */
  newest: number;
  oldest: number;
  readonly words: Int32Array;
  readonly times: Float64Array;
  readonly ids: Uint32Array;
  readonly comments: SparseColumn;
  /** With the owners of the roots. */
  readonly roots: SparseColumn;
  readonly notified: NotifiedColumns;
}

/** With the number of its first row, and the number of its rows. */
export interface NumberedSegment extends Segment {
  readonly first: number;
  readonly count: number;
}

/** Bytes outside the JavaScript heap. */
export const bytesOf = ({ words, ids, comments, roots, notified }: Segment): number =>
  words.byteLength + ids.byteLength + comments.bytes + roots.bytes + notified.bytes;

/** `rows`: a power of two. */
export function newSegment(rows: number): Segment {
  const buffer = new ArrayBuffer(rows * LAYOUT.WORDS * 4);
  return {
    newest: Number.NEGATIVE_INFINITY,
    oldest: Number.POSITIVE_INFINITY,
    words: new Int32Array(buffer),
    times: new Float64Array(buffer),
    ids: new Uint32Array(rows * 4),
    comments: new SparseColumn(),
    roots: new SparseColumn({ withUsers: true }),
    notified: new NotifiedColumns(rows),
  };
}
