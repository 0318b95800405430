import type { UserId } from '@activity-feed/contracts';
import { type LogPosition } from '@activity-feed/contracts';
import { createFeedDatabase } from '../../../../test/harness/feed-databases';
import type { TestDatabase } from '../../../../test/harness/test-database';
import { readHiddenIds } from '../hypertable/hidden-ids';
import { findGroups, type GroupsAsked } from './find-groups';
import type { FoundGroup, ReadMarks } from './notification-groups';
import { storedUser } from './notified-user';

const AUTHOR = 1 as UserId;
const NO_MARKS: ReadMarks = { seen: undefined, read: undefined, readOf: new Map() };
const upTo = (offset: number): LogPosition => ({ 'social-graph': [], activity: [offset], 'social-graph-private': [] });

/** Likes of a photo of the author by one user each. Their offsets are the seconds after the start of the day. */
const INSERT = `
INSERT INTO activities (time, event_id, actor_id, verb, object_type, object_id, target_id, log_partition, log_offset)
SELECT $1::timestamptz + n * interval '1 second', gen_random_uuid(), 1 + n, 'like', 'photo', $4::int, 1, 0, n
FROM generate_series($2::int, $3::int) AS n`;

const UNDO = `
WITH undone AS (DELETE FROM activities WHERE log_offset = $1 RETURNING *)
INSERT INTO undone_activities SELECT * FROM undone`;

describe('the groups of a user’s notifications in the database', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createFeedDatabase();
  });
  afterEach(() => database.drop());

  const like = (photo: number, first: number, last = first, day = '2026-11-29T00:00:00Z') =>
    database.pool.query(INSERT, [day, first, last, photo]);
  const undo = (offset: number) => database.pool.query(UNDO, [offset]);

  async function groups(more: Partial<GroupsAsked> = {}): Promise<FoundGroup[]> {
    const hidden = await readHiddenIds(database.pool, AUTHOR, 'unasked');
    const found: FoundGroup[] = [];
    const user = storedUser(database.pool, AUTHOR, hidden);
    for await (const group of findGroups(user, { marks: NO_MARKS, ...more })) found.push(group);
    return found;
  }
  const photosAndCounts = (found: FoundGroup[]) => found.map(({ objectId, count }) => [objectId, count]);

  it('are those of all days, each whole, however many rows it has', async () => {
    await like(1, 1, 2_500);
    await like(2, 2_501, 4_600);
    await like(1, 5_000, 5_001, '2026-10-01T00:00:00Z');
    await like(1, 5_002, 5_002, '2024-02-29T00:00:00Z');
    const found = await groups();
    expect(found.map(({ group, count, more }) => [group, count, more])).toEqual([
      ['like:photo:2:2026-11-29', 1_000, true],
      ['like:photo:1:2026-11-29', 1_000, true],
      ['like:photo:1:2026-10-01', 2, false],
      ['like:photo:1:2024-02-29', 1, false],
    ]);
    for (const [place, { newest }] of found.entries()) {
      expect(photosAndCounts(await groups({ after: newest }))).toEqual(photosAndCounts(found.slice(place + 1)));
    }
  });

  it('keep their order as of a position, whatever is undone, arrives or arrives late', async () => {
    await like(1, 1);
    await like(2, 2);
    await like(1, 3);
    const asOf = upTo(4);
    const [first, second] = (await groups({ asOf })) as [FoundGroup, FoundGroup];
    expect([first.objectId, second.objectId]).toEqual([1, 2]);
    await undo(3);
    await like(2, 4);
    await like(3, 5, 5, '2026-11-28T00:00:00Z');
    expect(photosAndCounts(await groups({ asOf, after: first.newest }))).toEqual([[2, 1]]);
    expect(photosAndCounts(await groups({ asOf }))).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(photosAndCounts(await groups())).toEqual([
      [2, 2],
      [1, 1],
      [3, 1],
    ]);
  });

  it('have an event that concerns the user twice once, by its notice', async () => {
    await like(1, 1);
    await database.pool.query(
      `INSERT INTO notices (time, event_id, actor_id, verb, object_type, object_id, user_id)
       SELECT time, event_id, actor_id, 'mention', 'post', 7, 1 FROM activities`,
    );
    expect((await groups()).map(({ group }) => group)).toEqual(['mention:post:7:2026-11-29']);
  });

  it('are without those of muted users and deleted objects, and have nobody’s own likes', async () => {
    await like(1, 1, 3);
    await like(2, 4);
    await like(3, 0);
    expect(photosAndCounts(await groups())).toEqual([
      [2, 1],
      [1, 3],
    ]);
    await database.pool.query("INSERT INTO hidden_users (user_id, other_id, kind) VALUES (1, 3, 'mute')");
    await database.pool.query(
      "INSERT INTO object_states (object_type, object_id, deleted, version, stream) VALUES ('photo', 2, true, 1, 1)",
    );
    expect(photosAndCounts(await groups())).toEqual([[1, 2]]);
    await database.pool.query('DELETE FROM object_states');
    expect(photosAndCounts(await groups())).toEqual([
      [2, 1],
      [1, 2],
    ]);
  });

  it('end at once if there are none', async () => {
    expect(await groups()).toEqual([]);
  });
});
