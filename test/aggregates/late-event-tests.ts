import type { Effects } from '../../services/feed/src/activity/effects';
import type { FeedUnderTest } from './feed-under-test';
import { interject } from './interject';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface LateWorld {
  readonly feed: FeedUnderTest;
  /** Generates events between two times, in milliseconds since 1970. */
  between(from: number, to: number, count: number): Effects[];
  publish(effects: Effects[]): Promise<void>;
  /** Checks groups, summaries, trends and counts. */
  expectExact(): Promise<void>;
  /** Also checks statistics, which include late events after a refresh. */
  expectAll(): Promise<void>;
}

/** Declares the tests of events that are written after their hour or day has closed. */
export function testLateEvents(test: jest.It, world: LateWorld): void {
  test.each([
    { title: 'the last three days', from: 3 * DAY, to: HOUR, refreshedAfter: 15 * SECOND },
    { title: 'earlier days', from: 29 * DAY, to: 4 * DAY, refreshedAfter: 5 * MINUTE },
  ])('include late events of $title at once, and also after the refresh', async ({ from, to, refreshedAfter }) => {
    const { feed } = world;
    await world.publish(world.between(feed.time - from, feed.time - to, 300));
    expect(await feed.notes()).toBeGreaterThan(300);
    await world.expectExact();
    // Nothing is due yet.
    await feed.refresh();
    expect(await feed.notes()).toBeGreaterThan(300);
    await world.expectExact();
    feed.time += refreshedAfter;
    await feed.refresh();
    expect(await feed.notes()).toBe(0);
    await world.expectAll();
  });

  test('include late events that are written during a refresh', async () => {
    const { feed } = world;
    await world.publish(world.between(feed.time - 2 * DAY, feed.time - HOUR, 50));
    feed.time += 15 * SECOND;
    const others = world.between(feed.time - 3 * DAY, feed.time - HOUR, 50);
    await interject(
      feed.client,
      'DELETE FROM noted_groups',
      () => world.publish(others),
      () => feed.refresh(),
    );
    expect(await feed.notes()).toBeGreaterThan(0);
    await world.expectExact();
    feed.time += 15 * SECOND;
    await feed.refresh();
    expect(await feed.notes()).toBe(0);
    await world.expectAll();
  });

  test('include a bulk load within 5 minutes', async () => {
    const { feed } = world;
    await world.publish(world.between(feed.time - 29 * DAY, feed.time - HOUR, 3_000));
    expect(await feed.notes()).toBe(0);
    feed.time += 5 * MINUTE;
    await feed.refresh();
    await world.expectAll();
  });
}
