import { judgePosts, secondsUntilWell } from './judge.ts';
import type { Sent } from './send-schedule.ts';

const sent = (at: number, ms = 10, status = 200): Sent => ({ at, ms, status });
const aSecond = (second: number, ms?: number, status?: number) =>
  [100, 500, 900].map((at) => sent(second * 1_000 + at, ms, status));

describe('the judgement of a load', () => {
  it('finds the second at which the system has recovered', () => {
    const all = [aSecond(0), aSecond(1, 10, 503), aSecond(2, 900), aSecond(3), aSecond(4)].flat();
    expect(secondsUntilWell(all, 100, 1, 5)).toBe(3);
    expect(secondsUntilWell(all, 100, 3, 5)).toBe(1);
    expect(secondsUntilWell(all, 100, 1, 3)).toBe(Number.POSITIVE_INFINITY);
  });

  it('counts posts that were refused but recorded, and those that were recorded twice or not at all', () => {
    const posts = [
      { ...sent(0), content: 'once' },
      { ...sent(0), content: 'twice' },
      { ...sent(0), content: 'lost' },
      { ...sent(0), content: 'there' },
      { ...sent(0, 10, 503), content: 'refused' },
      { ...sent(0, 10, 503), content: 'refused and recorded' },
      sent(0, 10, 503),
    ];
    const recorded = ['once', 'twice', 'twice', 'there', 'refused and recorded', 'of somebody else'];
    expect(judgePosts(posts, recorded)).toEqual({ refusedNotRecorded: 50, acknowledgedOnce: 50 });
    expect(judgePosts([], recorded)).toEqual({ refusedNotRecorded: 100, acknowledgedOnce: 100 });
  });
});
