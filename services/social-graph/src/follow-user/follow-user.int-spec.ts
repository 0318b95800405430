import type { FollowCommand, User, UserId } from '@activity-feed/contracts';
import { EventStore } from '@activity-feed/eventing';
import { Redis } from 'ioredis';
import { patientRedis } from '../../../../test/harness/patient-redis';
import { uniqueName } from '../../../../test/harness/servers';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/test-database';
import { migrations } from '../database/migrations';
import { KnownNames } from '../find-user/known-names';
import { UserRegistration } from '../register-user/user-registration';
import { UnfollowUserHandler } from '../unfollow-user/unfollow-user.handler';
import { FollowUserHandler } from './follow-user.handler';
import { Follows } from './follows';
import { readFollowFacts } from './read-follow-facts';

const MAX = 3;

describe('following on a real database', () => {
  let database: TestDatabase;
  let redis: Redis;
  let follow: FollowUserHandler;
  let unfollow: UnfollowUserHandler;
  const users: User[] = [];

  beforeAll(async () => {
    database = await createTestDatabase('postgres', migrations);
    redis = patientRedis(`${uniqueName()}.`);
    const events = new EventStore(database.pool, () => undefined);
    const knownNames = new KnownNames(redis, database.pool);
    const follows = new Follows(events, knownNames);
    follow = new FollowUserHandler(follows, MAX);
    unfollow = new UnfollowUserHandler(follows);
    const register = new UserRegistration(events, database.pool, knownNames);
    for (const name of ['anna', 'bert', 'carl', 'dora', 'emil']) {
      const answer = await register.execute({ name });
      if (answer.ok) users.push({ id: answer.value.id, name });
    }
  });
  afterAll(async () => {
    redis?.disconnect();
    await database?.drop();
  });

  const eventsOf = async (user: UserId) => {
    const { rows } = await database.pool.query('SELECT version, type FROM events WHERE stream = $1 ORDER BY version', [
      user,
    ]);
    return rows;
  };

  it('records one event for concurrent follows of one user by another', async () => {
    const [anna] = users as [User];
    const answers = await Promise.all(Array.from({ length: 16 }, () => follow.handle({ actor: anna, name: 'bert' })));
    const outcomes = answers.map((answer) => answer.ok && answer.value.outcome);
    expect(outcomes.filter((outcome) => outcome === 'recorded')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'unchanged')).toHaveLength(15);
    expect(new Set(answers.map((answer) => answer.ok && answer.value.token))).toEqual(
      new Set([`social-graph.${anna.id}.2`]),
    );
    expect(await eventsOf(anna.id)).toEqual([
      { version: 1, type: 'social-graph.user-registered.v1' },
      { version: 2, type: 'social-graph.user-followed.v1' },
    ]);
  });

  it('records one event for concurrent unfollows of one user by another', async () => {
    const [anna] = users as [User];
    await Promise.all(Array.from({ length: 16 }, () => unfollow.handle({ actor: anna, name: 'bert' })));
    expect((await eventsOf(anna.id)).at(-1)).toEqual({ version: 3, type: 'social-graph.user-unfollowed.v1' });
    expect((await database.pool.query('SELECT FROM follows')).rowCount).toBe(0);
  });

  it('is recorded before a later unfollow, although its name must be looked up first', async () => {
    const [anna] = users as [User];
    await follow.handle({ actor: anna, name: 'bert' });
    const before = (await eventsOf(anna.id)).length;
    // Redis knows the name to unfollow; the name to follow must be looked up.
    await redis.srem('known-names', 'carl');
    await Promise.all([follow.handle({ actor: anna, name: 'carl' }), unfollow.handle({ actor: anna, name: 'bert' })]);
    expect((await eventsOf(anna.id)).slice(before).map(({ type }) => type)).toEqual([
      'social-graph.user-followed.v1',
      'social-graph.user-unfollowed.v1',
    ]);
  });

  it('enforces the limit for concurrent follows, until a user is unfollowed', async () => {
    const emil = users[4] as User;
    const followed = async () =>
      (await database.pool.query('SELECT FROM follows WHERE follower_id = $1', [emil.id])).rowCount;
    const answers = await Promise.all(
      ['anna', 'bert', 'carl', 'dora'].map((name) => follow.handle({ actor: emil, name })),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(MAX);
    expect(answers.filter(({ ok }) => !ok)).toEqual([{ ok: false, code: 'FOLLOW_LIMIT_REACHED' }]);
    expect(await followed()).toBe(MAX);
    const refused = ['anna', 'bert', 'carl', 'dora'][answers.findIndex(({ ok }) => !ok)] as string;
    const kept = ['anna', 'bert', 'carl', 'dora'].filter((name) => name !== refused);
    // A repeated follow does not count.
    expect(await follow.handle({ actor: emil, name: kept[0] as string })).toMatchObject({
      value: { outcome: 'unchanged' },
    });
    await unfollow.handle({ actor: emil, name: kept[0] as string });
    expect(await follow.handle({ actor: emil, name: refused })).toMatchObject({ value: { outcome: 'recorded' } });
    expect(await followed()).toBe(MAX);
  });

  it('counts followees only when the stream is long enough to reach the limit', async () => {
    // Many rows, so that counting them shows in the buffers.
    const rows = 20_000;
    const { rows: registered } = await database.pool.query<{ id: UserId }>(
      `INSERT INTO users (id, name, created_at, updated_at)
       SELECT nextval('user_ids'), 'many-' || n, now(), now() FROM generate_series(1, $1::int) AS n RETURNING id`,
      [rows],
    );
    const ids = registered.map(({ id }) => id);
    const follower = ids[0] as UserId;
    const event = `INSERT INTO events (event_id, stream, version, type, data, time)
                   VALUES (gen_random_uuid(), $1, $2, 'social-graph.user-followed.v1', '{}', now())`;
    await database.pool.query(event, [follower, rows]);
    await database.pool.query('INSERT INTO follows SELECT $1, id, now() FROM unnest($2::int[]) AS id WHERE id <> $1', [
      follower,
      ids,
    ]);
    await database.pool.query('VACUUM ANALYZE follows');
    const buffersFor = async (limit: number) => {
      const statements: unknown[][] = [];
      const query = async (...given: unknown[]) => {
        statements.push(given);
        return { rows: [] };
      };
      const command = { actor: { id: follower, name: 'many-1' }, name: 'anna' } as FollowCommand;
      await readFollowFacts({ query } as never, [command], limit);
      const [{ text }, values] = statements[0] as [{ text: string }, unknown[]];
      const { rows } = await database.pool.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, values);
      return rows[0]['QUERY PLAN'][0].Plan['Shared Hit Blocks'] as number;
    };
    expect(await buffersFor(rows)).toBeLessThan(30);
    // The stream is long enough, so followees are counted.
    expect(await buffersFor(rows - 1)).toBeGreaterThan(50);
    await database.pool.query('DELETE FROM follows WHERE follower_id = $1', [follower]);
  });

  it('keeps existing follows beyond the limit', async () => {
    const anna = users[0] as User;
    for (const { id } of users.slice(1)) {
      await database.pool.query('INSERT INTO follows VALUES ($1, $2, now()) ON CONFLICT DO NOTHING', [anna.id, id]);
    }
    expect(await follow.handle({ actor: anna, name: 'bert' })).toMatchObject({ value: { outcome: 'unchanged' } });
    expect(await unfollow.handle({ actor: anna, name: 'bert' })).toMatchObject({ value: { outcome: 'recorded' } });
    // Three are left, which is the limit.
    expect(await follow.handle({ actor: anna, name: 'bert' })).toEqual({ ok: false, code: 'FOLLOW_LIMIT_REACHED' });
    await database.pool.query('DELETE FROM follows WHERE follower_id = $1', [anna.id]);
  });

  it('refuses a name that only Redis knows', async () => {
    const [anna] = users as [User];
    await redis.sadd('known-names', 'ghost');
    expect(await follow.handle({ actor: anna, name: 'ghost' })).toEqual({ ok: false, code: 'USER_NOT_FOUND' });
  });
});
