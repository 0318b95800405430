import type { FollowList, User, WriteAnswer } from '@activity-feed/contracts';
import { EventStore } from '@activity-feed/eventing';
import type { Logger } from '@activity-feed/hosting';
import { patientRedis } from '../../../../test/harness/patient-redis';
import { uniqueName } from '../../../../test/harness/servers';
import { createTestDatabase, silent, type TestDatabase } from '../../../../test/harness/test-database';
import { Announcements } from '../announce-writes/announcements';
import { AnswerRequestHandler } from '../answer-request/answer-request.handler';
import { BlockUserHandler } from '../block-user/block-user.handler';
import { migrations } from '../database/migrations';
import { FindFollowsHandler } from '../find-follows/find-follows.handler';
import { FindRequestsHandler } from '../find-requests/find-requests.handler';
import { FindNamesHandler } from '../find-user/find-names.handler';
import { FindProfileHandler } from '../find-user/find-profile.handler';
import { KnownNames } from '../find-user/known-names';
import { FollowUserHandler } from '../follow-user/follow-user.handler';
import { Follows } from '../follow-user/follows';
import { ResolveKeyHandler } from '../resolve-key/resolve-key.handler';
import { SuspendUserHandler } from '../suspend-user/suspend-user.handler';
import { UnfollowUserHandler } from '../unfollow-user/unfollow-user.handler';
import { MAX_PRIVACY_CHANGES } from './change-privacy.decide';
import { ChangePrivacyHandler } from './change-privacy.handler';
import { PublishAccounts } from './publish-accounts';

const NAMES = ['anna', 'bert', 'carl', 'dora', 'emil', 'fred'] as const;
type Name = (typeof NAMES)[number];
const userOf = (name: Name) => ({ id: NAMES.indexOf(name) + 1, name }) as User;

const MAX_FOLLOWEES = 3;

describe('private accounts on a real database', () => {
  let database: TestDatabase;
  let redis: ReturnType<typeof patientRedis>;
  let handlers: ReturnType<typeof create>;

  function create(pool: TestDatabase['pool']) {
    const events = new EventStore(pool, () => undefined);
    const follows = new Follows(events, new KnownNames(redis, pool));
    const announcements = new Announcements(redis, '');
    const publish = new PublishAccounts(events, pool, silent as Logger, announcements);
    return {
      follow: new FollowUserHandler(follows, MAX_FOLLOWEES),
      unfollow: new UnfollowUserHandler(follows),
      answer: new AnswerRequestHandler(events, pool),
      block: new BlockUserHandler(events, pool),
      suspension: new SuspendUserHandler(events, pool, announcements),
      privacy: new ChangePrivacyHandler(events, publish),
      profiles: new FindProfileHandler(pool),
      names: new FindNamesHandler(pool),
      lists: new FindFollowsHandler(pool),
      requests: new FindRequestsHandler(pool),
      keys: new ResolveKeyHandler(pool),
      publish,
    };
  }

  beforeEach(async () => {
    database = await createTestDatabase('postgres', migrations);
    redis = patientRedis(`${uniqueName()}.`);
    handlers = create(database.pool);
    await database.pool.query(
      'INSERT INTO users SELECT place, name, now(), now() FROM unnest($1::text[]) WITH ORDINALITY AS u(name, place)',
      [NAMES],
    );
    await database.pool.query(
      `INSERT INTO events (event_id, stream, version, type, data, time)
       SELECT gen_random_uuid(), id, 1, 'social-graph.user-registered.v1', '{}', now() FROM users`,
    );
  });
  afterEach(async () => {
    redis?.disconnect();
    await database?.drop();
  });

  const outcomeOf = (answer: WriteAnswer & { value?: { request?: true } }) =>
    answer.ok
      ? `${answer.value.outcome}${(answer.value as { request?: true }).request ? ' request' : ''}`
      : answer.code;
  const follow = async (actor: Name, name: Name) =>
    outcomeOf(await handlers.follow.handle({ actor: userOf(actor), name }));
  const unfollow = async (actor: Name, name: Name) =>
    outcomeOf(await handlers.unfollow.handle({ actor: userOf(actor), name }));
  const accept = async (actor: Name, name: Name) =>
    outcomeOf(await handlers.answer.accept({ actor: userOf(actor), name }));
  const decline = async (actor: Name, name: Name) =>
    outcomeOf(await handlers.answer.decline({ actor: userOf(actor), name }));
  const setPrivate = async (actor: Name, isPrivate: boolean) =>
    outcomeOf(await handlers.privacy.handle({ actor: userOf(actor), private: isPrivate }));
  const profile = async (name: Name, reader: Name) => {
    const answer = await handlers.profiles.handle({ name, reader: userOf(reader).id });
    return answer.ok ? answer.value : answer.code;
  };
  const listed = async (list: FollowList, name: Name, reader: Name) => {
    const answer = await handlers.lists.handle({ list, name, reader: userOf(reader).id, limit: 10 });
    return answer.ok ? answer.value.users.map((user) => user.name).sort() : answer.code;
  };
  const requests = async (list: 'requests' | 'requested', reader: Name) => {
    const answer = await handlers.requests.handle({ list, reader: userOf(reader).id, limit: 10 });
    return answer.ok && answer.value.users.map(({ name }) => name);
  };
  const typesOf = async (table: 'events' | 'private_events', name: Name) => {
    const { rows } = await database.pool.query<{ type: string; cause: string | null }>(
      `SELECT type, data->>'cause' AS cause FROM ${table} WHERE stream = $1 ORDER BY version`,
      [userOf(name).id],
    );
    return rows.map(({ type, cause }) => [type.slice('social-graph.'.length), cause].filter(Boolean).join(' '));
  };

  it('receive requests, which can be accepted, declined or withdrawn', async () => {
    expect([await setPrivate('anna', true), await setPrivate('anna', true)]).toEqual(['recorded', 'unchanged']);
    for (const name of ['bert', 'carl', 'dora'] as const) expect(await follow(name, 'anna')).toBe('recorded request');
    expect(await follow('bert', 'anna')).toBe('unchanged request');
    expect(await requests('requests', 'anna')).toEqual(['dora', 'carl', 'bert']);
    expect(await requests('requested', 'bert')).toEqual(['anna']);
    expect(await profile('anna', 'bert')).toMatchObject({ isPrivate: true, isRequested: true, isFollowed: false });
    expect([await accept('anna', 'bert'), await accept('anna', 'bert')]).toEqual(['recorded', 'unchanged']);
    expect([await decline('anna', 'carl'), await decline('anna', 'carl')]).toEqual(['recorded', 'unchanged']);
    expect([await unfollow('dora', 'anna'), await unfollow('dora', 'anna')]).toEqual(['recorded request', 'unchanged']);
    expect(await requests('requests', 'anna')).toEqual([]);
    expect(await profile('anna', 'bert')).toMatchObject({ isRequested: false, isFollowed: true, followers: 1 });
    expect(await typesOf('events', 'bert')).toEqual(['user-registered.v1', 'user-followed.v1 accepted']);
    expect(await typesOf('private_events', 'bert')).toEqual([
      'follow-requested.v1',
      'follow-request-ended.v1 accepted',
    ]);
    expect(await typesOf('private_events', 'carl')).toEqual([
      'follow-requested.v1',
      'follow-request-ended.v1 declined',
    ]);
    expect(await typesOf('private_events', 'dora')).toEqual([
      'follow-requested.v1',
      'follow-request-ended.v1 withdrawn',
    ]);
    expect(await unfollow('bert', 'anna')).toBe('recorded');
  });

  it('count requests as follows towards the limit', async () => {
    await setPrivate('anna', true);
    expect(await follow('emil', 'anna')).toBe('recorded request');
    expect(await follow('emil', 'bert')).toBe('recorded');
    expect(await follow('emil', 'carl')).toBe('recorded');
    expect(await follow('emil', 'dora')).toBe('FOLLOW_LIMIT_REACHED');
    expect(await accept('anna', 'emil')).toBe('recorded');
    expect(await follow('emil', 'dora')).toBe('FOLLOW_LIMIT_REACHED');
  });

  it('accept all requests when they go public, also after a crash', async () => {
    await setPrivate('anna', true);
    for (const name of ['bert', 'carl', 'dora'] as const) await follow(name, 'anna');
    await handlers.privacy.handle({ actor: userOf('anna'), private: false });
    await handlers.publish.publish();
    expect(await listed('followers', 'anna', 'emil')).toEqual(['bert', 'carl', 'dora']);
    expect(await typesOf('events', 'carl')).toEqual(['user-registered.v1', 'user-followed.v1 published']);
    expect(await requests('requests', 'anna')).toEqual([]);
    await setPrivate('bert', true);
    await follow('carl', 'bert');
    // As if the process had ended before it accepted anything, and the account were private again.
    await database.pool.query(
      'INSERT INTO publications VALUES ($1, now()) ON CONFLICT (user_id) DO UPDATE SET time = now()',
      [userOf('bert').id],
    );
    expect(await follow('carl', 'bert')).toBe('unchanged');
    expect(await follow('dora', 'bert')).toBe('recorded request');
    await create(database.pool).publish.publish();
    expect(await listed('followers', 'bert', 'bert')).toEqual(['carl']);
    expect(await requests('requests', 'bert')).toEqual(['dora']);
  });

  it('leave no request open after going public, however requests and changes overlap', async () => {
    for (let round = 0; round < 3; round++) {
      await setPrivate('anna', true);
      await Promise.all([
        follow('bert', 'anna'),
        setPrivate('anna', false),
        follow('carl', 'anna'),
        unfollow('dora', 'anna'),
        follow('dora', 'anna'),
      ]);
      await handlers.publish.publish();
      expect(await requests('requests', 'anna')).toEqual([]);
      for (const name of ['bert', 'carl', 'dora'] as const) await unfollow(name, 'anna');
    }
  });

  it(`can be changed ${MAX_PRIVACY_CHANGES} times a day`, async () => {
    for (let change = 0; change < MAX_PRIVACY_CHANGES; change++) {
      expect(await setPrivate('anna', change % 2 === 0)).toBe('recorded');
    }
    expect([await setPrivate('anna', true), await setPrivate('anna', false)]).toEqual(['TOO_SOON', 'unchanged']);
    await database.pool.query("UPDATE privacy_changes SET time = time - interval '24 hours'");
    expect(await setPrivate('anna', true)).toBe('recorded');
  });

  it('drop the requests between two users when one blocks the other', async () => {
    await setPrivate('anna', true);
    await follow('bert', 'anna');
    await follow('carl', 'anna');
    expect(outcomeOf(await handlers.block.block({ actor: userOf('anna'), name: 'bert' }))).toBe('recorded');
    expect(outcomeOf(await handlers.block.block({ actor: userOf('carl'), name: 'anna' }))).toBe('recorded');
    expect(await requests('requests', 'anna')).toEqual([]);
    expect(await typesOf('private_events', 'bert')).toEqual(['follow-requested.v1', 'follow-request-ended.v1 ended']);
    expect(await typesOf('private_events', 'carl')).toEqual([
      'follow-requested.v1',
      'user-blocked.v1',
      'follow-request-ended.v1 ended',
    ]);
    expect(await accept('anna', 'carl')).toBe('USER_NOT_FOUND');
  });

  it('show whom they follow and who follows them to followers, and everybody to themselves', async () => {
    await follow('bert', 'anna');
    await follow('anna', 'carl');
    await follow('dora', 'carl');
    await setPrivate('anna', true);
    expect(await listed('followers', 'anna', 'bert')).toEqual(['bert']);
    expect(await listed('followers', 'anna', 'anna')).toEqual(['bert']);
    expect([await listed('followers', 'anna', 'dora'), await listed('following', 'anna', 'dora')]).toEqual([[], []]);
    expect(await profile('anna', 'dora')).toMatchObject({ followers: 1, following: 1, isPrivate: true });
    expect(await listed('followers', 'carl', 'dora')).toEqual(['dora']);
    expect(await listed('followers', 'carl', 'carl')).toEqual(['anna', 'dora']);
    expect(await listed('following', 'bert', 'dora')).toEqual([]);
    expect(await listed('followers', 'carl', 'bert')).toEqual(['anna', 'dora']);
  });

  it('of suspended users do not exist, until they are reinstated', async () => {
    await follow('bert', 'anna');
    await follow('anna', 'carl');
    await database.pool.query("INSERT INTO keys VALUES (sha256('key'), $1, now())", [userOf('anna').id]);
    const keyHash = '2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683';
    const suspend = async () => outcomeOf(await handlers.suspension.suspend({ name: 'anna', by: 'admin' }));
    expect([await suspend(), await suspend()]).toEqual(['recorded', 'unchanged']);
    expect(await handlers.keys.handle({ keyHash })).toEqual({ ok: false, code: 'USER_SUSPENDED' });
    expect(await profile('anna', 'bert')).toBe('USER_NOT_FOUND');
    expect(await listed('followers', 'carl', 'carl')).toEqual([]);
    expect(await listed('following', 'bert', 'dora')).toEqual([]);
    expect(await listed('following', 'anna', 'carl')).toBe('USER_NOT_FOUND');
    expect(await handlers.names.handle({ prefix: 'an', reader: userOf('bert').id, limit: 5 })).toMatchObject({
      value: { names: [] },
    });
    expect(await follow('dora', 'anna')).toBe('USER_NOT_FOUND');
    expect(outcomeOf(await handlers.block.block({ actor: userOf('dora'), name: 'anna' }))).toBe('USER_NOT_FOUND');
    expect(await unfollow('bert', 'anna')).toBe('recorded');
    expect(outcomeOf(await handlers.suspension.reinstate({ name: 'anna', by: 'admin' }))).toBe('recorded');
    expect(await handlers.keys.handle({ keyHash })).toMatchObject({ value: userOf('anna') });
    expect(await listed('followers', 'carl', 'dora')).toEqual(['anna']);
    expect(outcomeOf(await handlers.suspension.suspend({ name: 'nobody', by: 'admin' }))).toBe('USER_NOT_FOUND');
  });
});
