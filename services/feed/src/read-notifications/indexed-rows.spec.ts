import { LOG_START, type Microseconds } from '@activity-feed/contracts';
import { TimelineIndex } from '../timeline-index/timeline-index';
import { indexedRows, RowEvicted } from './indexed-rows';
import type { NotifiedRow, RowsOfDay } from './notified-row';

const SEGMENT_BITS = 10;
const BUDGET = 2 ** (SEGMENT_BITS + 2);
const FROM = 0 as Microseconds;

type Found = Pick<NotifiedRow, 'handle' | 'details' | 'time' | 'objectId' | 'objectKey'>;

describe('the rows of a user in memory', () => {
  let index: TimelineIndex;
  let user: number;
  let added: number;
  beforeEach(() => {
    index = new TimelineIndex({ budget: BUDGET, followeeBudget: 1, segmentBits: SEGMENT_BITS });
    user = index.users.number(1);
    added = 0;
  });

  /** Likes of the user's photos by others. */
  function add(count: number): void {
    for (let row = 0; row < count; row++) {
      added++;
      const actor = index.users.number(2 + (added % 7));
      const place = { source: 'activity' as const, partition: 0, offset: added };
      const like = { actor, verb: 'like' as const, objectType: 'photo' as const, objectId: added, target: user, place };
      index.addRow({ time: added as Microseconds, id: [0, 0, 0, added], ...like });
    }
  }

  /** Of all rows, what is needed of them. */
  function all(to?: Microseconds): Found[] {
    const found: Found[] = [];
    for (const rows of indexedRows(index, { user, view: undefined, from: FROM, to })) {
      rows?.visit(({ handle, details, time, objectId, objectKey }) => {
        found.push({ handle, details, time, objectId, objectKey });
      });
    }
    return found;
  }

  it('come newest first, in pieces, and without one’s own', () => {
    add(2_500);
    index.addRow({
      ...{ time: 2_501 as Microseconds, id: [0, 0, 0, 2_501], actor: user, target: user },
      ...{ verb: 'like', objectType: 'photo', objectId: 1 },
    });
    expect(all().map(({ objectId }) => objectId)).toEqual(Array.from({ length: 2_500 }, (_, place) => 2_500 - place));
    expect(all(11 as Microseconds).map(({ objectId }) => objectId)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('end where rows were evicted', () => {
    add(BUDGET + 1);
    const times = all().map(({ time }) => time);
    expect(times).toHaveLength(index.rows.count);
    expect(Math.min(...times)).toBe(index.floor + 1);
  });

  it('refuse to be read when they were evicted after they were passed on', () => {
    add(BUDGET);
    const rows = all();
    const [newest, oldest] = [rows[0] as Found, rows.at(-1) as Found];
    expect([oldest.time, oldest.objectKey > 0]).toEqual([1, true]);
    add(1);
    expect(() => oldest.details.positionOf(oldest.handle)).toThrow(RowEvicted);
    expect(() => oldest.details.isIn(oldest.handle, LOG_START)).toThrow(RowEvicted);
    expect(newest.details.positionOf(newest.handle).time).toBe(BUDGET);
  });

  it('cannot be visited when one of them was evicted', () => {
    add(BUDGET);
    const pieces = [...indexedRows(index, { user, view: undefined, from: FROM })].filter((rows) => rows !== undefined);
    add(1);
    const visit = (rows: RowsOfDay) => rows.visit(() => undefined);
    expect(() => pieces.forEach(visit)).toThrow(RowEvicted);
  });
});
