import { type EventId, type EventTime, fromMicroseconds, type UserId } from '@activity-feed/contracts';
import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/test-database';
import { migrations } from '../database/migrations';
import { HypertableTimeline } from './hypertable-timeline';
import { IdArray } from './id-array';
import type { PageRequest, PlacedEntry } from './placed-entry';

const DAY = 86_400_000_000n;
const NOW = BigInt(Date.now()) * 1_000n;
const ACTORS = 300;

/** The reference query, without time windows. */
const PLAIN = `
SELECT event_id FROM activities
WHERE actor_id = ANY ($1::int[]) AND (time, event_id) < ($2, $3::uuid)
ORDER BY time DESC, event_id DESC LIMIT $4`;

interface Activity {
  actor: number;
  /** Microseconds before now. */
  age: bigint;
  id: string;
}

/** Equal ages, ages within a day, and ages years apart. */
const age = fc.oneof(
  fc.bigInt(0n, 3n),
  fc.bigInt(0n, DAY),
  fc.bigInt(0n, 40n * DAY),
  fc.bigInt(0n, 20n).map((days) => days * DAY),
  fc.bigInt(0n, 3n * 365n * DAY),
);

const activity: fc.Arbitrary<Activity> = fc.record({ actor: fc.integer({ min: 1, max: ACTORS }), age, id: fc.uuid() });

describe('pages from the hypertable', () => {
  let database: TestDatabase;
  let timeline: HypertableTimeline;

  beforeAll(async () => {
    database = await createTestDatabase('timescaledb', migrations);
    timeline = new HypertableTimeline(database.pool);
    await database.pool.query('INSERT INTO users SELECT n, $1 || n FROM generate_series(1, $2::int) AS n', [
      'user_',
      ACTORS,
    ]);
  });
  afterAll(() => database?.drop());

  async function replaceWorld(activities: Activity[]): Promise<void> {
    await database.pool.query('TRUNCATE activities');
    await database.pool.query(
      `INSERT INTO activities (time, event_id, actor_id, verb, object_type, object_id)
       SELECT time, id, actor, 'post', 'post', 1 FROM unnest($1::timestamptz[], $2::uuid[], $3::int[]) AS t(time, id, actor)`,
      [
        activities.map(({ age }) => fromMicroseconds(NOW - age)),
        activities.map(({ id }) => id),
        activities.map(({ actor }) => actor),
      ],
    );
  }

  async function plainPage(actors: UserId[], { before, limit }: Omit<PageRequest, 'actors'>): Promise<string[]> {
    const { time = 'infinity', eventId = 'ffffffff-ffff-ffff-ffff-ffffffffffff' } = before ?? {};
    const { rows } = await database.pool.query<{ event_id: string }>(PLAIN, [actors, time, eventId, limit]);
    return rows.map(({ event_id }) => event_id);
  }

  const ids = (entries: PlacedEntry[]) => entries.map(({ eventId }) => eventId);

  it('equal those of the reference query, for random worlds, followees and page sizes', async () => {
    const world = fc.record({
      activities: fc.uniqueArray(activity, { selector: ({ id }) => id, maxLength: 120, size: 'max' }),
      // Both shapes of the query: few followees and many.
      actors: fc.oneof(
        fc.uniqueArray(fc.integer({ min: 1, max: ACTORS }), { maxLength: 30 }),
        fc.constant(Array.from({ length: ACTORS - 20 }, (_, index) => index + 1)),
      ),
      limit: fc.integer({ min: 1, max: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(world, async ({ activities, actors, limit }) => {
        await replaceWorld(activities);
        const followees = actors as UserId[];
        let before: PageRequest['before'];
        for (;;) {
          const page = await timeline.page({ actors: IdArray.of(...followees), before, limit });
          expect(ids(page)).toEqual(await plainPage(followees, { before, limit }));
          const last = page.at(-1);
          if (!last) break;
          before = { time: last.time, eventId: last.eventId };
        }
      }),
      { numRuns: 60 },
    );
  });

  it('contain activities whose time is ahead of the clock', async () => {
    await replaceWorld([{ actor: 1, age: -DAY, id: '00000000-0000-7000-8000-000000000001' }]);
    expect(await timeline.page({ actors: IdArray.of(1 as UserId), limit: 5 })).toHaveLength(1);
  });

  it('begin after any position, even if no activity is there', async () => {
    await replaceWorld([{ actor: 1, age: DAY, id: '00000000-0000-7000-8000-000000000001' }]);
    const at = (microseconds: bigint) => ({
      time: fromMicroseconds(microseconds) as EventTime,
      eventId: '00000000-0000-7000-8000-000000000001' as EventId,
    });
    const page = (before: PageRequest['before']) =>
      timeline.page({ actors: IdArray.of(1 as UserId), before, limit: 5 });
    expect(await page(at(NOW - DAY + 1n))).toHaveLength(1);
    expect(await page(at(NOW - DAY))).toHaveLength(0);
    expect(await page(at(0n))).toHaveLength(0);
  });
});
