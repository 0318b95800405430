import { VERBS } from '@activity-feed/contracts';
import { summarize } from './summarize';

const TODAY = Date.parse('2019-03-01T00:00:00Z');
const NOTHING = Object.fromEntries(VERBS.map((verb) => [verb, 0]));

describe('a summary', () => {
  it('contains every day, newest first, with zeros for days without activities', () => {
    expect(summarize([], TODAY, 2)).toEqual({
      totals: NOTHING,
      days: [
        { day: '2019-03-01', ...NOTHING },
        { day: '2019-02-28', ...NOTHING },
      ],
    });
  });

  it('adds up sums of the same day and verb', () => {
    const sums = [
      { day: '2019-02-28', verb: 'like', count: 2 },
      { day: '2019-03-01', verb: 'like', count: 3 },
      { day: '2019-02-28', verb: 'like', count: 4 },
    ] as const;
    const { totals, days } = summarize(sums, TODAY, 2);
    expect(totals).toEqual({ ...NOTHING, like: 9 });
    expect(days.map(({ like }) => like)).toEqual([3, 6]);
  });

  it('subtracts negative sums, and never falls below zero', () => {
    const sums = [
      { day: '2019-02-28', verb: 'like', count: -2 },
      { day: '2019-02-28', verb: 'like', count: 5 },
      { day: '2019-03-01', verb: 'like', count: -1 },
    ] as const;
    const { totals, days } = summarize(sums, TODAY, 2);
    expect(totals).toEqual({ ...NOTHING, like: 3 });
    expect(days.map(({ like }) => like)).toEqual([0, 3]);
  });

  it('ignores sums of other days', () => {
    const sums = ['2019-02-27', '2019-03-02'].map((day) => ({ day, verb: 'post' as const, count: 1 }));
    expect(summarize(sums, TODAY, 2).totals).toEqual(NOTHING);
  });
});
