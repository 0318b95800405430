import type { UserId } from '@activity-feed/contracts';
import { createFeedDatabase } from '../../../../test/harness/feed-databases';
import type { TestDatabase } from '../../../../test/harness/test-database';
import { IdArray } from '../hypertable/id-array';
import { readVisibleSums, sumsWithin } from './visible-sums';

const DAY = 86_400_000;
const FROM = Date.parse('2026-03-01T00:00:00Z');

/** On each of two days each of two actors likes something of each owner, and a comment of the actor's below it. */
const ACTIVITIES = `
INSERT INTO activities (time, event_id, actor_id, verb, object_type, object_id, target_id, root_owner_id)
SELECT '2026-03-01T12:00:00Z'::timestamptz + day * interval '1 day', gen_random_uuid(), actor, 'like',
       CASE WHEN below THEN 'comment' ELSE 'photo' END, owner, CASE WHEN below THEN actor ELSE owner END,
       CASE WHEN below THEN owner END
FROM generate_series(0, 1) AS day, unnest(ARRAY[1, 2]) AS actor, unnest(ARRAY[7, 8, 9]) AS owner,
     unnest(ARRAY[true, false]) AS below`;

describe('sums of closed days for a viewer from whom users are hidden', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createFeedDatabase();
    await database.pool.query(ACTIVITIES);
  });
  afterEach(() => database.drop());

  /** Likes by actor 1, in all, and the number of statements that the read needed. */
  async function likes(users: number[], maxBytes?: number) {
    const query = jest.spyOn(database.pool, 'query');
    const request = {
      actors: IdArray.of(1 as UserId),
      from: FROM,
      to: FROM + 2 * DAY,
      hidden: { users, sharers: [], known: null },
    };
    const sums = await readVisibleSums(
      database.pool,
      request,
      maxBytes === undefined ? undefined : sumsWithin(maxBytes),
    );
    const statements = query.mock.calls.length;
    query.mockRestore();
    return { statements, likes: sums.reduce((sum, { count }) => sum + count, 0) };
  }

  it('leave out what is about hidden owners and about comments below their objects', async () => {
    expect(await likes([])).toEqual({ statements: 1, likes: 12 });
    expect(await likes([8])).toEqual({ statements: 1, likes: 8 });
    expect(await likes([7, 9])).toEqual({ statements: 1, likes: 4 });
  });

  it('do so without entries if there are too many', async () => {
    // Five bytes for each activity about owner 8 by either actor.
    const bytes = 5 * 8;
    expect(await likes([8], bytes)).toEqual({ statements: 1, likes: 8 });
    expect(await likes([8], bytes - 1)).toEqual({ statements: 3, likes: 8 });
  });
});
