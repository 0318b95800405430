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

interface Activity {
  actor: number;
  /** Microseconds before now. */
  age: bigint;
  id: string;
  verb?: 'share' | 'like';
  /** The owner of the object, and of what that hangs on if it is a comment. */
  owner?: number;
  rootOwner?: number | undefined;
}

/** Equal ages, ages within a day, and ages years apart. */
const age = fc.oneof(
  fc.bigInt(0n, 3n),
  fc.bigInt(0n, DAY),
  fc.bigInt(0n, 40n * DAY),
  fc.bigInt(0n, 20n).map((days) => days * DAY),
  fc.bigInt(0n, 3n * 365n * DAY),
);

const user = fc.integer({ min: 1, max: ACTORS });
const few = fc.integer({ min: 1, max: 5 });
const activity: fc.Arbitrary<Activity> = fc.record({
  actor: user,
  age,
  id: fc.uuid(),
  verb: fc.constantFrom('share', 'like'),
  owner: fc.oneof(few, user),
  rootOwner: fc.option(few, { nil: undefined }),
});
const hidden = fc.record({
  users: fc.uniqueArray(fc.oneof(few, user), { maxLength: 20 }),
  sharers: fc.uniqueArray(user),
  known: fc.option(fc.uniqueArray(fc.oneof(few, user)), { nil: null }),
});
/** Users whose accounts are private or suspended. */
const closed = fc.record({
  private: fc.uniqueArray(fc.oneof(few, user)),
  suspended: fc.uniqueArray(few, { maxLength: 2 }),
});
type Closed = typeof closed extends fc.Arbitrary<infer Value> ? Value : never;
const NOBODY: Closed = { private: [], suspended: [] };

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

  async function replaceWorld(activities: Activity[], { private: isPrivate, suspended }: Closed): Promise<void> {
    await database.pool.query('TRUNCATE activities, closed_accounts');
    await database.pool.query(
      `INSERT INTO closed_accounts SELECT id, id = ANY ($1::int[]), id = ANY ($2::int[])
       FROM generate_series(1, $3::int) AS id WHERE id = ANY ($1) OR id = ANY ($2)`,
      [isPrivate, suspended, ACTORS],
    );
    await database.pool.query(
      `INSERT INTO activities (time, event_id, actor_id, verb, object_type, object_id, target_id, root_owner_id)
       SELECT time, id, actor, verb, 'post', 1, owner, root_owner
       FROM unnest($1::timestamptz[], $2::uuid[], $3::int[], $4::text[], $5::int[], $6::int[])
         AS t(time, id, actor, verb, owner, root_owner)`,
      [
        activities.map(({ age }) => fromMicroseconds(NOW - age)),
        activities.map(({ id }) => id),
        activities.map(({ actor }) => actor),
        activities.map(({ verb = 'like' }) => verb),
        activities.map(({ owner = null }) => owner),
        activities.map(({ rootOwner = null }) => rootOwner),
      ],
    );
  }

  /** The reference: all visible activities of the actors, newest first. */
  function visible(
    world: Activity[],
    actors: readonly number[],
    hidden: PageRequest['hidden'],
    closed = NOBODY,
  ): string[] {
    const { users, sharers, known } = hidden ?? { users: [], sharers: [], known: null };
    const isClosed = (user: number) =>
      closed.suspended.includes(user) || (known !== null && closed.private.includes(user) && !known.includes(user));
    const isVisible = ({ actor, verb, owner = 0, rootOwner = 0 }: Activity) =>
      !hidden ||
      (![actor, owner, rootOwner].some((one) => users.includes(one) || isClosed(one)) &&
        !(verb === 'share' && sharers.includes(actor)));
    return world
      .filter((one) => actors.includes(one.actor) && isVisible(one))
      .sort((a, b) => (a.age === b.age ? (a.id < b.id ? 1 : -1) : a.age < b.age ? -1 : 1))
      .map(({ id }) => id);
  }

  const ids = (entries: PlacedEntry[]) => entries.map(({ eventId }) => eventId);

  it('have the newest visible activities, for random worlds, followees, hidden users, closed accounts and page sizes', async () => {
    const world = fc.record({
      activities: fc.uniqueArray(activity, { selector: ({ id }) => id, maxLength: 120, size: 'max' }),
      // Both shapes of the query: few followees and many.
      actors: fc.oneof(
        fc.uniqueArray(fc.integer({ min: 1, max: ACTORS }), { maxLength: 30 }),
        fc.constant(Array.from({ length: ACTORS - 20 }, (_, index) => index + 1)),
      ),
      limit: fc.integer({ min: 1, max: 40 }),
      hidden: fc.option(hidden, { nil: undefined }),
      closed,
    });
    await fc.assert(
      fc.asyncProperty(world, async ({ activities, actors, limit, hidden, closed }) => {
        await replaceWorld(activities, closed);
        const expected = visible(activities, actors, hidden, closed);
        let before: PageRequest['before'];
        for (let from = 0; from <= expected.length; from += limit) {
          const page = await timeline.page({ actors: IdArray.of(...(actors as UserId[])), before, limit, hidden });
          expect(ids(page)).toEqual(expected.slice(from, from + limit));
          const last = page.at(-1);
          before = last && { time: last.time, eventId: last.eventId };
        }
      }),
      { numRuns: 30 },
    );
  });

  it('contain activities whose time is ahead of the clock', async () => {
    await replaceWorld([{ actor: 1, age: -DAY, id: '00000000-0000-7000-8000-000000000001' }], NOBODY);
    expect(await timeline.page({ actors: IdArray.of(1 as UserId), limit: 5 })).toHaveLength(1);
  });

  it('begin after any position, even if no activity is there', async () => {
    await replaceWorld([{ actor: 1, age: DAY, id: '00000000-0000-7000-8000-000000000001' }], NOBODY);
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
