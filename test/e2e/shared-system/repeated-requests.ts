import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Client } from 'pg';
import { type ApiAnswer, request } from '../../harness/api-client';
import { isFirst, isReplayed, type KeyedRequest, keyed } from '../../harness/keyed-requests';
import { Metrics } from '../../harness/metrics';
import { uniqueName } from '../../harness/servers';
import { ADMIN_KEY, type System } from '../../harness/system';
import { expectError, JSON_TYPE } from '../expect-error';
import { type Cast, REPEATABLE_ROUTES } from './repeatable-routes';

const DOCUMENT = join(__dirname, '../../../docs/openapi.json');

/** Everything that commands change. */
const RECORDED = {
  activity: 'SELECT (SELECT count(*) FROM events) + (SELECT coalesce(sum(version), 0) FROM marks) AS recorded',
  'social-graph': `
SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM private_events) + (SELECT count(*) FROM keys) AS recorded`,
} as const;

/** Declares the tests. */
export function testRepeatedRequests(system: () => System): void {
  const clients = {} as Record<keyof typeof RECORDED, Client>;
  beforeAll(async () => {
    for (const service of ['activity', 'social-graph'] as const) {
      clients[service] = new Client({ connectionString: system().databases[service] });
      await clients[service].connect();
    }
  });
  afterAll(() => Promise.all(Object.values(clients).map((client) => client.end())));

  async function recorded(): Promise<string> {
    const counts = await Promise.all(
      Object.entries(clients).map(async ([service, client]) => {
        const { rows } = await client.query(RECORDED[service as keyof typeof RECORDED]);
        return rows[0].recorded;
      }),
    );
    return counts.join();
  }

  async function cast(): Promise<Cast> {
    const [nameOfUser, name] = [uniqueName(), uniqueName()];
    return { user: await system().as(nameOfUser), other: await system().as(name), name, nameOfUser };
  }

  const answerOf = ({ status, headers, body: { auth_token: _, ...body } }: ApiAnswer) => ({
    status,
    body,
    token: headers.get('consistency-token'),
  });

  it('are possible on all routes that the document says so of', () => {
    const { paths } = JSON.parse(readFileSync(DOCUMENT, 'utf8')) as OpenAPIObject;
    const accepting = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods as Record<string, { parameters?: object[] }>)
        .filter(([, { parameters = [] }]) => JSON.stringify(parameters).includes('"Idempotency-Key"'))
        .map(([method]) => `${method} ${path}`),
    );
    expect(accepting.sort()).toEqual(Object.keys(REPEATABLE_ROUTES).sort());
  });

  it.each(Object.keys(REPEATABLE_ROUTES))('%s is carried out once, and answered the same', async (route) => {
    const actors = await cast();
    const wanted = await (REPEATABLE_ROUTES[route] as (of: Cast) => KeyedRequest | Promise<KeyedRequest>)(actors);
    const before = await recorded();
    const first = await keyed(actors.user, wanted, 'a key');
    expect([200, 201]).toContain(first.status);
    expect(isFirst(first)).toBe(true);
    const after = await recorded();
    expect(after).not.toBe(before);

    const again = await keyed(actors.user, wanted, 'a key');
    // What the feed counts may be behind on a busy machine.
    const isBehind = [first, again].some(({ headers }) => headers.get('feed-freshness') !== null);
    expect(answerOf(again)).toEqual({ ...answerOf(first), ...(isBehind && { body: again.body }) });
    expect(isReplayed(again)).toBe(true);
    expect(again.body.auth_token === undefined || route === 'patch /me').toBe(true);

    const other = { ...wanted, path: `${wanted.path}?other` };
    expectError(await keyed(actors.user, other, 'a key'), 422, 'IDEMPOTENCY_KEY_REUSED');
    if (wanted.body) {
      const body = `${JSON.stringify(wanted.body)} `;
      expectError(await keyed(actors.user, { ...wanted, body }, 'a key'), 422, 'IDEMPOTENCY_KEY_REUSED');
    }
    expect(await recorded()).toBe(after);
  });

  it('are recorded once when they are sent at the same time, through any gateway', async () => {
    const { user } = await cast();
    const gateways = [user, user.at(system().address(1))];
    const before = await recorded();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => keyed(gateways[index % 2] ?? user, POST, 'at once')),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ body }) => body.object_id)).size).toBe(1);
    expect(answers.filter((answer) => !isReplayed(answer)).length).toBeLessThanOrEqual(1);
    expect(answers.some(isFirst)).toBe(true);
    const [was = 0, is = 0] = [before, await recorded()].map((counts) => Number(counts.split(',')[0]));
    expect(is - was).toBe(1);
  });

  it('have keys of their user, method and route', async () => {
    const { user, other, name } = await cast();
    const post = await keyed(user, POST, 'shared');
    const follow = await keyed(user, { path: '/follow', body: { follow: name } }, 'shared');
    const ofOther = await keyed(other, POST, 'shared');
    for (const answer of [post, follow, ofOther]) {
      expect(answer.status).toBe(200);
      expect(isFirst(answer)).toBe(true);
    }
    expect(ofOther.body.object_id).not.toBe(post.body.object_id);
  });

  it('get the first answer also if the object is gone, and if there is something to take back now', async () => {
    const { user, other } = await cast();
    const photo = await other.photo();
    const unlike = { path: '/activity', body: { verb: 'unlike', object: photo } };
    const like = { path: '/activity', body: { verb: 'like', object: photo } };
    expect((await keyed(user, unlike, 'unlike')).body.message).toBe('Not liked');
    expect((await keyed(user, like, 'like')).body.message).toBe('Activity recorded');
    const again = await keyed(user, unlike, 'unlike');
    expect([again.body.message, isReplayed(again)]).toEqual(['Not liked', true]);
    expect((await user.like(photo)).body.message).toBe('Already liked');
    await other.remove(photo);
    expect((await keyed(user, like, 'like')).body.message).toBe('Activity recorded');
    expectError(await keyed(user, like, 'another'), 400, 'OBJECT_NOT_FOUND');
  });

  it('are recorded once in another user’s stream, however many are sent at the same time', async () => {
    const { user, other } = await cast();
    const photo = await user.photo();
    const comment = `comment:${(await other.comment(photo, 'Where?')).body.object_id}`;
    const before = await recorded();
    const remove = { method: 'DELETE', path: `/objects/${comment}` };
    const answers = await Promise.all(Array.from({ length: 8 }, () => keyed(user, remove, 'remove')));
    expect(answers.map(({ body }) => body)).toEqual(answers.map(() => answers[0]?.body));
    expect(answers[0]?.body.message).toBe('Object deleted');
    expect(answers.filter((answer) => !isReplayed(answer)).length).toBeLessThanOrEqual(1);
    expect(answers.some(isFirst)).toBe(true);
    const [was = 0, is = 0] = [before, await recorded()].map((counts) => Number(counts.split(',')[0]));
    expect(is - was).toBe(1);
  });

  it('do not reveal a hidden object: that there is nothing to take back is not kept', async () => {
    const { user, other, nameOfUser } = await cast();
    const unlike = { path: '/activity', body: { verb: 'unlike', object: await other.photo() } };
    expect((await other.send('/block', { block: nameOfUser })).status).toBe(200);
    for (let count = 0; count < 2; count++) {
      expectError(await keyed(user, unlike, 'unlike'), 400, 'OBJECT_NOT_FOUND');
    }
    expect((await other.send('/unblock', { unblock: nameOfUser })).status).toBe(200);
    const answer = await keyed(user, unlike, 'unlike');
    expect([answer.body.message, isFirst(answer)]).toEqual(['Not liked', true]);
  });

  it('are carried out if they were refused before', async () => {
    const { user } = await cast();
    const name = uniqueName();
    const follow = { path: '/follow', body: { follow: name } };
    expectError(await keyed(user, follow, 'early'), 400, 'USER_NOT_FOUND');
    await system().register(name);
    const answer = await keyed(user, follow, 'early');
    expect([answer.body.message, isFirst(answer)]).toEqual(['User followed', true]);
  });

  it('show the secret of a new key only at first', async () => {
    const { user } = await cast();
    const issue = { path: '/me/keys', body: { name: 'script' } };
    const first = await keyed(user, issue, 'new key');
    const { auth_token, ...shown } = first.body;
    expect(auth_token).toMatch(/^afs_/);
    expect((await keyed(user, issue, 'new key')).body).toEqual(shown);
  });

  it.each(['', 'é', 'x'.repeat(256)])('need a valid key: %j is refused, and nothing is recorded', async (key) => {
    const { user } = await cast();
    const before = await recorded();
    expectError(await keyed(user, POST, key), 400, 'IDEMPOTENCY_KEY_INVALID');
    expectError(await keyed(user, { method: 'DELETE', path: '/objects/photo:1' }, key), 400, 'IDEMPOTENCY_KEY_INVALID');
    expect(await recorded()).toBe(before);
  });

  it('are not recognised with the admin key, in reads, or for tickets', async () => {
    const { user } = await cast();
    const headers = { ...JSON_TYPE, 'x-admin-key': ADMIN_KEY, 'idempotency-key': 'é' };
    for (const name of [uniqueName(), uniqueName()]) {
      const init = { method: 'POST', headers, body: JSON.stringify({ name }) };
      expect((await request(system().address(), '/users', init)).status).toBe(201);
    }
    expect((await keyed(user, { method: 'GET', path: '/me' }, 'é')).status).toBe(200);
    const tickets = [0, 1].map(() => keyed(user, { path: '/tickets', body: {} }, 'ticket'));
    const [one, two] = await Promise.all(tickets);
    expect([one?.status, two?.status]).toEqual([201, 201]);
    expect(one?.body.ticket).not.toBe(two?.body.ticket);
  });

  it('are counted', async () => {
    const { user } = await cast();
    const count = async () =>
      (await Metrics.of(system().gateways[0] as { metricsUrl: string })).sum('gateway_idempotent_replays_total');
    await keyed(user, POST, 'counted');
    const before = await count();
    await keyed(user, POST, 'counted');
    expect(await count()).toBe(before + 1);
  });
}

const POST = { path: '/post', body: { type: 'post', content: 'Once' } };
