import type { User, UserId, WriteAnswer } from '@activity-feed/contracts';
import { EventStore } from '@activity-feed/eventing';
import type { Redis } from 'ioredis';
import { patientRedis } from '../../../../test/harness/patient-redis';
import { uniqueName } from '../../../../test/harness/servers';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/test-database';
import { MAX_BLOCKS_AND_MUTES } from '../blocks/blocks-and-mutes';
import { migrations } from '../database/migrations';
import { KnownNames } from '../find-user/known-names';
import { FollowUserHandler } from '../follow-user/follow-user.handler';
import { Follows } from '../follow-user/follows';
import { UserRegistration } from '../register-user/user-registration';
import { BlockUserHandler } from './block-user.handler';

describe('blocking on a real database', () => {
  let database: TestDatabase;
  let redis: Redis;
  let follow: FollowUserHandler;
  let block: BlockUserHandler;
  const users = new Map<string, User>();

  beforeAll(async () => {
    database = await createTestDatabase('postgres', migrations);
    redis = patientRedis(`${uniqueName()}.`);
    const events = new EventStore(database.pool, () => undefined);
    const knownNames = new KnownNames(redis, database.pool);
    follow = new FollowUserHandler(new Follows(events, knownNames), 10_000);
    // Another instance of the service.
    block = new BlockUserHandler(new EventStore(database.pool, () => undefined), database.pool);
    const register = new UserRegistration(events, database.pool, knownNames);
    for (const name of ['anna', 'bert', 'carl', 'dora', 'emil', 'fred']) {
      const answer = await register.execute({ name });
      if (answer.ok) users.set(name, { id: answer.value.id, name });
    }
  });
  afterAll(async () => {
    redis?.disconnect();
    await database?.drop();
  });

  const as = (name: string) => ({ actor: users.get(name) as User });
  const idOf = (name: string) => users.get(name)?.id as UserId;

  const eventsOf = async (table: 'events' | 'private_events', name: string) => {
    const { rows } = await database.pool.query<{ type: string; version: number; data: { cause?: string } }>(
      `SELECT type, version::int, data FROM ${table} WHERE stream = $1 ORDER BY version`,
      [idOf(name)],
    );
    return rows.map(({ type, version, data }) => [type, version, data.cause].filter((one) => one !== undefined));
  };
  const isFollowing = async (follower: string, followee: string) =>
    (
      await database.pool.query('SELECT FROM follows WHERE follower_id = $1 AND followee_id = $2', [
        idOf(follower),
        idOf(followee),
      ])
    ).rowCount === 1;
  const outcomeOf = (answer: WriteAnswer) => (answer.ok ? answer.value.outcome : answer.code);

  it('ends the follows between the two, each in its stream, and returns the tokens of all events', async () => {
    await follow.handle({ ...as('anna'), name: 'bert' });
    await follow.handle({ ...as('bert'), name: 'anna' });
    expect(await block.block({ ...as('anna'), name: 'bert' })).toEqual({
      ok: true,
      value: {
        outcome: 'recorded',
        token: `social-graph-private.${idOf('anna')}.1`,
        also: [`social-graph.${idOf('anna')}.3`, `social-graph.${idOf('bert')}.3`],
        concerns: idOf('bert'),
      },
    });
    expect(await eventsOf('private_events', 'anna')).toEqual([['social-graph.user-blocked.v1', 1]]);
    for (const name of ['anna', 'bert']) {
      expect((await eventsOf('events', name)).at(-1)).toEqual(['social-graph.user-unfollowed.v1', 3, 'ended']);
    }
    expect(await Promise.all([isFollowing('anna', 'bert'), isFollowing('bert', 'anna')])).toEqual([false, false]);
  });

  it('is not repeated, and refuses follows in both directions as if there were nobody', async () => {
    expect(await block.block({ ...as('anna'), name: 'bert' })).toEqual({
      ok: true,
      value: { outcome: 'unchanged', token: `social-graph-private.${idOf('anna')}.1`, concerns: idOf('bert') },
    });
    for (const [actor, name] of [
      ['anna', 'bert'],
      ['bert', 'anna'],
    ] as const) {
      expect(outcomeOf(await follow.handle({ ...as(actor), name }))).toBe('USER_NOT_FOUND');
    }
  });

  it('ends by unblocking, which brings no follow back and is not repeated', async () => {
    expect(outcomeOf(await block.unblock({ ...as('anna'), name: 'bert' }))).toBe('recorded');
    expect(outcomeOf(await block.unblock({ ...as('anna'), name: 'bert' }))).toBe('unchanged');
    expect(await isFollowing('bert', 'anna')).toBe(false);
    expect(outcomeOf(await follow.handle({ ...as('bert'), name: 'anna' }))).toBe('recorded');
  });

  it('leaves no follow between the two, however follows and blocks overlap', async () => {
    for (let round = 0; round < 15; round++) {
      await Promise.all([
        follow.handle({ ...as('carl'), name: 'dora' }),
        block.block({ ...as('dora'), name: 'carl' }),
        follow.handle({ ...as('dora'), name: 'carl' }),
        block.block({ ...as('carl'), name: 'dora' }),
      ]);
      expect(await Promise.all([isFollowing('carl', 'dora'), isFollowing('dora', 'carl')])).toEqual([false, false]);
      await Promise.all([
        block.unblock({ ...as('dora'), name: 'carl' }),
        block.unblock({ ...as('carl'), name: 'dora' }),
      ]);
    }
    const { rows } = await database.pool.query('SELECT FROM blocks WHERE blocker_id = ANY ($1)', [
      [idOf('carl'), idOf('dora')],
    ]);
    expect(rows).toEqual([]);
  });

  it('refuses oneself, nobody, and a block beyond the limit', async () => {
    expect(outcomeOf(await block.block({ ...as('anna'), name: 'anna' }))).toBe('CANNOT_BLOCK_SELF');
    expect(outcomeOf(await block.block({ ...as('anna'), name: 'nobody' }))).toBe('USER_NOT_FOUND');
    await database.pool.query('INSERT INTO blocks SELECT $1, n, now() FROM generate_series(1000, $2::int + 998) AS n', [
      idOf('emil'),
      MAX_BLOCKS_AND_MUTES,
    ]);
    expect(outcomeOf(await block.block({ ...as('emil'), name: 'fred' }))).toBe('recorded');
    expect(outcomeOf(await block.block({ ...as('emil'), name: 'anna' }))).toBe('BLOCK_LIMIT_REACHED');
    expect(outcomeOf(await block.block({ ...as('emil'), name: 'fred' }))).toBe('unchanged');
  });
});
