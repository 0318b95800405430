import type { Microseconds } from '@activity-feed/contracts';
import fc from 'fast-check';
import { ActivityRows, type Row } from './activity-rows';
import { TargetLists } from './target-lists';
import { UserTable } from './user-table';

const SEGMENT_BITS = 3;

describe('the list of rows that concern a user', () => {
  let rows: ActivityRows;
  let lists: TargetLists;
  let user: number;

  /** `step`: rows between places that are remembered. */
  function open(segmentBits: number, step?: number): void {
    rows = new ActivityRows(segmentBits);
    const users = new UserTable();
    lists = new TargetLists(rows, users, step);
    user = users.number(1);
  }

  function insert(time: number): Row {
    const row = rows.append({
      ...{ time: time as Microseconds, id: [0, 0, 0, time], actor: 2, target: user },
      ...{ verb: 'like', objectType: 'photo', objectId: 1 },
    });
    lists.insert(user, row);
    return row;
  }

  function all(): Row[] {
    const found: Row[] = [];
    for (let row = lists.first(user); row !== undefined; row = lists.next(row)) found.push(row);
    return found;
  }

  it('is in the order of time, with the last row of each event, whatever arrives late and is evicted', () => {
    const step = fc.oneof(
      { weight: 9, arbitrary: fc.nat({ max: 40 }) },
      { weight: 1, arbitrary: fc.constant('evict') },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        open(SEGMENT_BITS, 2);
        let floor = -1;
        const expected = new Map<number, Row>();
        for (const one of steps) {
          if (typeof one === 'number') {
            if (one > floor) expected.set(one, insert(one));
          } else if (rows.count >= 2 ** SEGMENT_BITS) {
            rows.dropOldest((row, _actor, time, target) => {
              floor = Math.max(floor, time);
              lists.evict(target, row);
            });
            for (const time of expected.keys()) if (time <= floor) expected.delete(time);
          }
          const found = all().filter((row) => rows.timeOf(row) > floor);
          expect(found).toEqual([...expected].sort(([a], [b]) => b - a).map(([, row]) => row));
        }
      }),
    );
  });

  it('takes few steps for each of many late rows in ascending order', () => {
    open(16);
    const count = 50_000;
    for (let time = 1; time <= count; time++) insert(10 * time);
    const older = jest.spyOn(rows, 'olderOfTarget');
    const late = 500;
    for (let place = 0; place < late; place++) insert(10 * place + 5);
    expect(older.mock.calls.length).toBeLessThan(count + late * 2_500);
    older.mockRestore();
    const times = all().map((row) => rows.timeOf(row));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(times).toHaveLength(count + late);
  });
});
