import { EVENT_SOURCES, isInLog, LOG_START, type LogPosition } from '@activity-feed/contracts';
import fc from 'fast-check';
import { NotifiedColumns } from './notified-columns';

const places = fc.record({
  source: fc.constantFrom(...EVENT_SOURCES),
  partition: fc.nat({ max: 4_095 }),
  offset: fc.nat({ max: 2 ** 46 - 1 }),
});

describe('the columns of notified rows', () => {
  it('keep the place of each row, whether it has ended or not', () => {
    fc.assert(
      fc.property(places, places, fc.boolean(), (one, other, ended) => {
        const columns = new NotifiedColumns(3);
        columns.setPlace(0, one);
        columns.setPlace(2, other);
        columns.setEnded(2, ended);
        columns.setEnded(0, true);
        columns.setEnded(0, false);
        expect([0, 1, 2].map((index) => columns.place(index))).toEqual([one, undefined, other]);
        const before: LogPosition = { ...LOG_START, [one.source]: new Array(one.partition + 1).fill(one.offset + 1) };
        expect([0, 1, 2].map((index) => columns.isIn(index, before))).toEqual(
          [one, undefined, other].map((place) => isInLog(place, before)),
        );
        expect([0, 1, 2].map((index) => columns.hasEnded(index))).toEqual([false, false, ended]);
      }),
    );
  });

  it('have no place for what does not fit', () => {
    const columns = new NotifiedColumns(1);
    columns.setPlace(0, { source: 'activity', partition: 4_096, offset: 1 });
    columns.setPlace(0, { source: 'activity', partition: 1, offset: 2 ** 46 });
    expect(columns.place(0)).toBeUndefined();
  });
});
