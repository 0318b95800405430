import { LOG_START, type LogPosition, type Microseconds } from '@activity-feed/contracts';
import fc from 'fast-check';
import { type LoggedEvent, RecentLog } from './recent-log';

const event = (partition: number, offset: number, time: number): LoggedEvent => ({
  place: { source: 'activity', partition, offset },
  time: time as Microseconds,
  actor: 0,
  rows: [],
});

const from = (...activity: number[]): LogPosition => ({ ...LOG_START, activity });
const read = (log: RecentLog, ...offsets: number[]) => {
  const events = log.since(from(...offsets));
  return events && Array.from(events, ({ place: { partition, offset } }) => `${partition}/${offset}`);
};

describe('the recent log', () => {
  it('has the events from a position on, in the order of their times where partitions allow it', () => {
    const log = new RecentLog();
    for (const one of [event(0, 3, 10), event(1, 7, 5), event(0, 4, 8), event(1, 9, 20)]) log.note(one);
    expect(read(log)).toEqual(['1/7', '0/3', '0/4', '1/9']);
    expect(read(log, 4, 8)).toEqual(['0/4', '1/9']);
    expect(read(log, 9, 9)).toEqual(['1/9']);
    expect(read(log, 9, 10)).toEqual([]);
  });

  it('has no position from which some events are not kept any more, or never were', () => {
    const log = new RecentLog(2);
    log.beginAt('activity', 1, 5);
    for (const one of [event(0, 3, 1), event(0, 4, 2), event(0, 6, 3)]) log.note(one);
    expect(read(log, 3, 5)).toBeUndefined();
    expect(read(log, 4, 5)).toEqual(['0/4', '0/6']);
    expect(read(log, 4, 4)).toBeUndefined();
    // What was dropped does not come back.
    log.beginAt('activity', 0, 0);
    expect(read(log, 3, 5)).toBeUndefined();
  });

  it('gives each kept event once, whichever partitions they come from', () => {
    const events = fc.array(fc.tuple(fc.nat(3), fc.nat(50)), { maxLength: 200 });
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 40 }), fc.array(fc.nat(60), { maxLength: 4 }), (all, most, at) => {
        const log = new RecentLog(most);
        const next = [0, 0, 0, 0];
        const noted = all.map(([partition, time]) => event(partition, (next[partition] as number)++, time));
        for (const one of noted) log.note(one);
        const isWanted = ({ place }: LoggedEvent) => place.offset >= (at[place.partition] ?? 0);
        const isLost = noted.slice(0, Math.max(noted.length - most, 0)).some(isWanted);
        const found = log.since(from(...at));
        if (isLost) return expect(found).toBeUndefined();
        const list = [...(found ?? [])];
        expect(new Set(list)).toEqual(new Set(noted.filter(isWanted)));
        expect(list).toHaveLength(new Set(list).size);
        for (const partition of [0, 1, 2, 3]) {
          const offsets = list.flatMap(({ place }) => (place.partition === partition ? place.offset : []));
          expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
        }
      }),
    );
  });
});
