import {
  type Microseconds,
  type ObjectType,
  objectTypeCode,
  toMilliseconds,
  type Verb,
} from '@activity-feed/contracts';
import { HOUR, SECOND } from '../../activity/durations';
import { objectKey } from '../../activity/object-key';
import { KEPT_HOURS, RecentEngagement } from './recent-engagement';

const POST = objectTypeCode('post');
/** Indexes in ENGAGEMENTS. */
const [LIKES, SHARES, COMMENTS] = [0, 1, 2] as const;
const YEAR = 365 * 24 * HOUR;

describe('recent engagement', () => {
  let now: number;
  let recent: RecentEngagement;

  beforeEach(() => {
    now = 1_000 * HOUR;
    recent = new RecentEngagement(() => toMilliseconds(now as Microseconds));
  });

  const add = (verb: Verb, type: ObjectType, id: number, time: number) =>
    recent.add(verb, type, id, 7, time as Microseconds);
  const like = (id: number, time: number) => add('like', 'post', id, time);
  const countOf = (id: number) => recent.get(objectKey(POST, id))?.counts[LIKES];

  it('counts only likes, shares and comments of an object, by hour', () => {
    like(1, now + 5);
    like(1, now + 5);
    add('share', 'post', 1, now - 1);
    add('comment', 'post', 1, now);
    add('post', 'post', 1, now);
    add('share', 'photo', 1, now);
    expect(recent.get(objectKey(POST, 1))).toEqual({
      owner: 7,
      counts: [2, 1, 1],
      hours: [
        { start: now, counts: [2, 0, 1] },
        { start: now - HOUR, counts: [0, 1, 0] },
      ],
    });
    const keys: number[] = [];
    recent.forEach((key) => {
      keys.push(key);
    });
    expect(keys).toHaveLength(2);
  });

  it('takes back what it counted in kept hours, in the hour and in total', () => {
    like(1, now);
    like(1, now - HOUR);
    like(2, now - KEPT_HOURS * HOUR);
    const takeBack = (id: number, time: number) => recent.remove('like', 'post', id, time as Microseconds);
    takeBack(1, now - HOUR);
    expect(recent.get(objectKey(POST, 1))?.counts).toEqual([1, 0, 0]);
    takeBack(1, now);
    now += HOUR;
    // Its hour is no longer kept, and is subtracted as a whole.
    takeBack(2, now - (KEPT_HOURS + 1) * HOUR);
    like(3, now);
    const given: number[][] = [];
    recent.forEach((key, counts) => {
      given.push([key, ...counts]);
    });
    expect(given).toEqual([[objectKey(POST, 3), 1, 0, 0]]);
    expect([1, 2, 3].map(countOf)).toEqual([0, undefined, 1]);
  });

  it('ignores activities before the kept hours', () => {
    like(1, now - KEPT_HOURS * HOUR);
    like(2, now - KEPT_HOURS * HOUR - 1);
    expect([countOf(1), countOf(2)]).toEqual([1, undefined]);
    expect(recent.from).toBe(now - KEPT_HOURS * HOUR);
  });

  it('forgets old hours as time passes, even after an activity with a time far ahead', () => {
    like(1, now);
    like(1, now + HOUR);
    like(2, now);
    like(3, now + YEAR);
    now += (KEPT_HOURS + 1) * HOUR;
    like(4, now);
    expect([1, 2, 3, 4].map(countOf)).toEqual([1, undefined, 1, 1]);
  });

  it('visits each object once, with its counts from all hours', () => {
    const counted = new Map<number, [likes: number, shares: number, comments: number]>();
    let seed = 1;
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let step = 0; step < 20_000; step++) {
      // Ids above 32 bits, also ones that differ in the high bits only.
      const id = 1 + random(500) + random(3) * 2 ** 32 + random(2) * 2 ** 49;
      const place = [LIKES, LIKES, SHARES, COMMENTS][random(4)] as 0 | 1 | 2;
      const time = (now - random(KEPT_HOURS * 3_600) * SECOND) as Microseconds;
      recent.add((['like', 'share', 'comment'] as const)[place], 'post', id, id % 1_000, time);
      const counts = counted.get(objectKey(POST, id)) ?? [0, 0, 0];
      counts[place]++;
      counted.set(objectKey(POST, id), counts);
    }
    const given: [number, number[]][] = [];
    recent.forEach((key, counts) => {
      given.push([key, [...counts]]);
      expect(recent.get(key)).toMatchObject({ counts });
    });
    expect(given).toHaveLength(counted.size);
    expect(new Map(given)).toEqual(counted);
  });

  it('uses about 120 bytes per object and hour outside the heap, and frees them when the hour is over', () => {
    const objects = 100_000;
    for (let id = 1; id <= objects; id++) like(id, now);
    expect(recent.bytes / objects).toBeLessThan(130);
    like(1, now + HOUR);
    now += (KEPT_HOURS + 1) * HOUR;
    expect(recent.from).toBe(now - KEPT_HOURS * HOUR);
    expect([countOf(1), countOf(2)]).toEqual([1, undefined]);
    // Step by step, as activities arrive.
    for (let step = 0; step < 10_000; step++) like(1, now);
    expect(recent.bytes).toBeLessThan(2_000);
    const given: unknown[] = [];
    recent.forEach((key, counts) => {
      given.push([key, ...counts]);
    });
    expect(given).toEqual([[objectKey(POST, 1), 10_001, 0, 0]]);
  });
});
