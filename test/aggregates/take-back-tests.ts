import type { Effects } from '../../services/feed/src/activity/effects';
import { interject } from './interject';
import type { LateWorld } from './late-event-tests';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface TakeBackWorld extends LateWorld {
  /** Generates events that take back likes and shares between two times, in milliseconds since 1970. */
  takeBack(from: number, to: number, count: number): Effects[];
  /** Delivers earlier events again. */
  repeat(count: number): Promise<void>;
}

/** Declares the tests of likes and shares that are taken back. */
export function testTakeBacks(test: jest.It, world: TakeBackWorld): void {
  test.each([
    { title: 'the open day', from: DAY, to: 0 },
    { title: 'the last three days', from: 3 * DAY, to: HOUR },
    { title: 'earlier days', from: 29 * DAY, to: 4 * DAY },
  ])('leave out what is taken back of $title at once, and also after the refresh', async (range) => {
    const { feed } = world;
    const taken = world.takeBack(feed.time - range.from, feed.time - range.to, 100);
    expect(taken.length).toBeGreaterThan(20);
    await world.publish(taken);
    await world.expectExact();
    // An unshare takes back older shares of the object too.
    feed.time += 5 * MINUTE;
    await feed.refresh();
    expect(await feed.notes()).toBe(0);
    await world.expectAll();
  });

  test('leave out what is taken back during a refresh', async () => {
    const { feed } = world;
    await world.publish(world.between(feed.time - 2 * DAY, feed.time - HOUR, 50));
    feed.time += 15 * SECOND;
    const taken = world.takeBack(feed.time - 3 * DAY, feed.time - HOUR, 50);
    await interject(
      feed.client,
      'DELETE FROM noted_groups',
      () => world.publish(taken),
      () => feed.refresh(),
    );
    await world.expectExact();
    feed.time += 5 * MINUTE;
    await feed.refresh();
    expect(await feed.notes()).toBe(0);
    await world.expectAll();
  });

  test('leave out what was taken back when its events are delivered again', async () => {
    const { feed } = world;
    await world.publish(world.between(feed.time - DAY, feed.time, 200));
    await world.publish(world.takeBack(feed.time - DAY, feed.time, 100));
    await world.repeat(300);
    await world.expectExact();
    await feed.restart();
    await world.expectExact();
    feed.time += 5 * MINUTE;
    await feed.refresh();
    await world.expectAll();
  });
}
