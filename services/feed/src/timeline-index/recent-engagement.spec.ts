import { objectKey } from './object-tally';
import { HOUR, KEPT_HOURS, RecentEngagement } from './recent-engagement';

const POST = 0;
const YEAR = 365 * 24 * HOUR;

describe('recent engagement', () => {
  let now: number;
  let recent: RecentEngagement;

  beforeEach(() => {
    now = 1_000 * HOUR;
    recent = new RecentEngagement(() => now / 1_000);
  });

  const like = (id: number, time: number) => recent.add('like', 'post', id, 7, time);
  const countOf = (id: number) => recent.get(objectKey(POST, id))?.likes;

  it('counts likes and shares of an object by hours, and nothing else', () => {
    like(1, now + 5);
    like(1, now + 5);
    recent.add('share', 'post', 1, 7, now - 1);
    recent.add('post', 'post', 1, 7, now);
    recent.add('share', 'photo', 1, 7, now);
    expect(recent.get(objectKey(POST, 1))).toEqual({
      owner: 7,
      likes: 2,
      shares: 1,
      hours: [
        { start: now, likes: 2, shares: 0 },
        { start: now - HOUR, likes: 0, shares: 1 },
      ],
    });
    const keys: number[] = [];
    recent.forEach((_, key) => {
      keys.push(key);
    });
    expect(keys).toHaveLength(2);
  });

  it('knows of no hour before those that it keeps', () => {
    like(1, now - KEPT_HOURS * HOUR);
    like(2, now - KEPT_HOURS * HOUR - 1);
    expect([countOf(1), countOf(2)]).toEqual([1, undefined]);
    expect(recent.from).toBe(now - KEPT_HOURS * HOUR);
  });

  it('forgets hours as time goes by, though something came with a time far ahead', () => {
    like(1, now);
    like(1, now + HOUR);
    like(2, now);
    like(3, now + YEAR);
    now += (KEPT_HOURS + 1) * HOUR;
    like(4, now);
    expect([1, 2, 3, 4].map(countOf)).toEqual([1, undefined, 1, 1]);
  });
});
