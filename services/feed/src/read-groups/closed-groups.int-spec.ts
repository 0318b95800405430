import type { UserId } from '@activity-feed/contracts';
import { createFeedDatabase } from '../../../../test/harness/feed-databases';
import type { TestDatabase } from '../../../../test/harness/test-database';
import type { FilledDays } from '../aggregates/filled-days';
import { IdArray } from '../hypertable/id-array';
import { ClosedGroups } from './closed-groups';

const FOLLOWEES = 64;

/** Each followee likes a photo at noon, and the first one another in the evening of the day before. */
const WORLD = `
INSERT INTO users (id, name) SELECT id, 'user ' || id FROM generate_series(1, ${FOLLOWEES}) AS id;
INSERT INTO activities (time, event_id, actor_id, verb, object_type, object_id)
SELECT '2026-03-02T12:00:00Z'::timestamptz, gen_random_uuid(), id, 'like', 'photo', id
FROM generate_series(1, ${FOLLOWEES}) AS id
UNION ALL SELECT '2026-03-01T18:00:00Z', gen_random_uuid(), 1, 'like', 'photo', 100`;

describe('groups of closed days', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createFeedDatabase();
    await database.pool.query(WORLD);
  });
  afterAll(() => database.drop());

  it('have the whole oldest day, although the page begins in the middle of a day', async () => {
    const closed = new ClosedGroups(database.pool, { cover: async () => false } as unknown as FilledDays);
    const actors = IdArray.from(Array.from({ length: FOLLOWEES }, (_, place) => (place + 1) as UserId));
    const pageBefore = (before: Awaited<ReturnType<typeof closed.find>>[number] | undefined) =>
      closed.find({ actors, until: undefined, before, limit: FOLLOWEES });
    const first = await pageBefore(undefined);
    expect(first).toHaveLength(FOLLOWEES);
    const second = await pageBefore(first.at(-1));
    expect(second.map(({ day, object_ids }) => [day, object_ids])).toEqual([['2026-03-01', [100]]]);
  });
});
