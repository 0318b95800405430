import type { EventTime, Microseconds, StreamPosition, UserId } from '@activity-feed/contracts';
import { TimelineIndex } from '../timeline-index/timeline-index';
import { RecentTakeBacks } from './recent-take-backs';
import { WaitClock } from './wait-clock';

const FAN = 7 as UserId;
const TIME = '2026-03-10T12:00:00.000000+00:00' as EventTime;
const [BEFORE, AFTER] = [-1, 1].map((hours) => ((Date.parse(TIME) + hours * 3_600_000) * 1_000) as Microseconds) as [
  Microseconds,
  Microseconds,
];

describe('what a read requires of the database after something was taken back', () => {
  let index: TimelineIndex;
  let isWritten: boolean;
  let reach: jest.Mock<Promise<boolean>, [{ atLeast: StreamPosition[] }]>;
  let missing: jest.Mock<Promise<StreamPosition[]>, [readonly StreamPosition[]]>;
  let takeBacks: RecentTakeBacks;

  beforeEach(() => {
    index = new TimelineIndex({ budget: 100, followeeBudget: 100 });
    isWritten = false;
    reach = jest.fn(async (_) => isWritten);
    missing = jest.fn(async (positions) => (isWritten ? [] : [...positions]));
    takeBacks = new RecentTakeBacks({ index, applied: { reach, missing }, mark: () => async () => isWritten });
    for (const version of [1, 2, 3]) index.apply({ source: 'activity', stream: FAN, version, users: [] });
    const takenBack = { actorId: FAN, verb: 'like', objectType: 'post', objectId: 1, from: TIME, to: TIME } as const;
    index.apply({ source: 'activity', stream: FAN, version: 4, users: [], takenBack });
  });

  const position = (version: number, stream = FAN): StreamPosition => ({ source: 'activity', stream, version });
  const requiring = (positions: StreamPosition[], behind = false) =>
    takeBacks.requiredBy({ atLeast: positions }, new WaitClock(), behind);

  it('is nothing for other streams, sources and times', async () => {
    expect(await requiring([]).reach(AFTER)).toBe('');
    expect(await requiring([position(9, 8 as UserId)]).reach(AFTER)).toBe('');
    expect(await requiring([{ ...position(9), source: 'social-graph' }]).reach(AFTER)).toBe('');
    expect(await requiring([position(9)]).reach(BEFORE)).toBe('');
    expect(reach).not.toHaveBeenCalled();
  });

  it('is the event that took it back, not later events, and that answers are kept apart', async () => {
    expect(await requiring([position(9)]).reach(AFTER)).toBeUndefined();
    isWritten = true;
    expect(await requiring([position(9)]).reach(AFTER)).toBe('.7:4');
    expect(reach.mock.calls.map(([{ atLeast }]) => atLeast)).toEqual([[position(4)], [position(4)]]);
  });

  it('is only that answers are kept apart, if memory has all of that time', async () => {
    expect(await requiring([position(4)]).reach(AFTER, async () => BEFORE)).toBe('.7:4');
    expect(reach).not.toHaveBeenCalled();
  });

  it('is only that, too, once the database is known to have it', async () => {
    await takeBacks.turn();
    isWritten = true;
    await takeBacks.turn();
    expect(await requiring([position(4)]).reach(AFTER)).toBe('.7:4');
    expect(reach).not.toHaveBeenCalled();
  });

  it('is not waited for by a read that is behind already', async () => {
    expect(await requiring([position(9)], true).reach(AFTER)).toBeUndefined();
    expect(reach).not.toHaveBeenCalled();
  });

  it('is forgotten without any read, once the database has it', async () => {
    const objectState = { objectType: 'post', objectId: 1, deleted: true, version: 5 } as const;
    index.apply({ source: 'activity', stream: FAN, version: 5, users: [], objectState });
    await takeBacks.turn();
    expect(index.changes.toWrite).toEqual([position(5)]);
    isWritten = true;
    await takeBacks.turn();
    expect(index.changes.toWrite).toEqual([]);
  });

  it('is that all answers are kept apart once an object has changed, and again once the database has the change', async () => {
    const changes = () => requiring([]).changes();
    expect(await changes()).toBe('');
    const objectState = { objectType: 'post', objectId: 1, deleted: true, version: 5 } as const;
    index.apply({ source: 'activity', stream: FAN, version: 5, users: [], objectState });
    const unwritten = await changes();
    expect(await changes()).toBe(unwritten);
    isWritten = true;
    const written = await changes();
    expect(missing.mock.lastCall).toEqual([[position(5)]]);
    expect(new Set(['', unwritten, written]).size).toBe(3);
    missing.mockClear();
    expect(await changes()).toBe(written);
    expect(missing).not.toHaveBeenCalled();
  });

  it('is nothing more than known if the database does not answer', async () => {
    const objectState = { objectType: 'post', objectId: 1, deleted: true, version: 5 } as const;
    index.apply({ source: 'activity', stream: FAN, version: 5, users: [], objectState });
    const unwritten = await requiring([]).changes();
    missing.mockRejectedValueOnce(new Error('connection refused'));
    expect(await requiring([]).changes()).toBe(unwritten);
  });

  it('may be anything after the stream was restored from the database', async () => {
    index.restore({ source: 'activity', stream: FAN, version: 6, activities: [], objectStates: [], hidings: [] });
    isWritten = true;
    expect(await requiring([position(6)]).reach(BEFORE)).toBe('.7:6');
  });
});
