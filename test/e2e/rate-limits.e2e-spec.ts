import { type ApiAnswer, ApiClient, request, untilCarriedOut } from '../harness/api-client';
import { EventStream } from '../harness/event-stream';
import { eventually } from '../harness/eventually';
import { Metrics } from '../harness/metrics';
import type { ServiceProcess } from '../harness/service-process';
import { ADMIN_KEY, System } from '../harness/system';
import { expectError } from './expect-error';

jest.setTimeout(120_000);

const LIMITS = { reads: 5, writes: 3, aggregates: 2 };
/** More than a window admits. */
const BURST = 40;
/** What must be seen within one window may take several attempts on a busy machine. */
const PATIENT = { within: 90_000 };

describe('rate limits', () => {
  let system: System;
  let count = 0;
  let name: string;
  let user: ApiClient;

  beforeAll(async () => {
    const gateway = {
      RATE_LIMITS: 'on',
      RATE_LIMIT_READS: String(LIMITS.reads),
      RATE_LIMIT_WRITES: String(LIMITS.writes),
      RATE_LIMIT_AGGREGATES: String(LIMITS.aggregates),
      // All tests have the same address.
      RATE_LIMIT_ADMIN: '0',
      RATE_LIMIT_FAILED_KEYS: '0',
    };
    system = await System.start({ gateways: 2, environment: { gateway } });
  });
  afterAll(() => system?.stop());
  beforeEach(async () => {
    name = `limited_${++count}`;
    user = await system.as(name);
  });

  const burst = (send: (index: number) => Promise<ApiAnswer>) =>
    Promise.all(Array.from({ length: BURST }, (_, index) => send(index)));
  /** The first refusal. The requests may arrive so slowly that a burst is within the limit. */
  const refusal = (send: () => Promise<ApiAnswer>) =>
    eventually('a request is refused', async () => (await burst(send)).find(({ status }) => status === 429), PATIENT);
  const admin = (path: string, method: string, body?: object, key = ADMIN_KEY, address = system.address()) =>
    request(address, path, {
      method,
      headers: { 'x-admin-key': key, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  const setLimits = (limits: object) => untilCarriedOut(() => admin(`/users/${name}/limits`, 'PUT', limits));
  const limits = async () => (await untilCarriedOut(() => admin(`/users/${name}/limits`, 'GET'))).body;

  it.each([
    ['reads', '/me', 10],
    ['reads', '/feed/friends', 10],
    ['aggregates', '/feed/friends?group=day', 4],
    ['aggregates', '/feed/my/summary', 4],
    ['aggregates', '/trending', 4],
  ])('of %s hold for %s, and are named by headers of the refusal', async (rateClass, path, quota) => {
    const refused = await refusal(() => user.get(path));
    expectError(refused, 429, 'RATE_LIMITED');
    const wait = Number(refused.headers.get('retry-after'));
    expect([1, 2]).toContain(wait);
    expect(refused.headers.get('ratelimit')).toBe(`"${rateClass}";r=0;t=${wait}`);
    expect(refused.headers.get('ratelimit-policy')).toBe(`"${rateClass}";q=${quota};w=2`);
    // The refusal of one class leaves the others.
    const other = rateClass === 'reads' ? '/trending' : '/me';
    expect((await user.servedGet(other)).status).toBe(200);
  });

  it('of one user are not those of others', async () => {
    const other = await system.as(`${name}_other`);
    await refusal(() => user.get('/me'));
    const answer = await other.servedGet('/me');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('ratelimit')).toBeNull();
  });

  it('are shared by all keys of a user', async () => {
    const { body } = await untilCarriedOut(() => user.send('/me/keys', { name: 'second' }));
    const second = new ApiClient(system.address(1), body.auth_token);
    const refused = await eventually(
      'the second key is refused',
      async () => {
        await burst(() => user.get('/me'));
        const answer = await second.get('/me');
        return answer.status === 429 && answer;
      },
      PATIENT,
    );
    expectError(refused as ApiAnswer, 429, 'RATE_LIMITED');
  });

  it('leave nothing of a refused write', async () => {
    await setLimits({ reads: 0, aggregates: 0 });
    const answers: ApiAnswer[] = [];
    await eventually('a write is refused', async () => {
      const sent = await burst((index) => user.send('/post', { type: 'post', content: `Post ${index}` }));
      answers.push(...sent);
      return sent.some(({ status }) => status === 429);
    });
    const recorded = answers.filter(({ status }) => status < 300).map(({ body }) => body.object_id as number);
    expect(recorded.length).toBeGreaterThan(0);
    // A busy service may record a write that it answers too late.
    const unknown = answers.filter(({ status }) => status === 503).length;
    const { entries } = await user.freshPage('/feed/my?limit=200');
    const found = entries.map(({ object_id }) => object_id);
    expect(found).toEqual(expect.arrayContaining(recorded));
    expect(found.length).toBeLessThanOrEqual(recorded.length + unknown);
  });

  it('of one user can be set, and then hold at every gateway, while the streams of the user stay open', async () => {
    const address = system.address(1);
    const stream = await EventStream.open(`${address}/notifications/stream`, { 'x-app-key': user.key });
    await stream.until('it is open', ({ event }) => event === 'position');
    expect(await limits()).toEqual(LIMITS);

    expect((await setLimits({ reads: 0, writes: null })).body).toEqual({ ...LIMITS, reads: 0 });
    expect(await limits()).toEqual({ ...LIMITS, reads: 0 });
    for (const door of [0, 1].map((gateway) => user.at(system.address(gateway)))) {
      const answers = await burst(() => door.get('/me'));
      expect(answers.filter(({ status }) => status === 429)).toEqual([]);
    }

    expect((await setLimits({ reads: 1 })).body).toEqual({ ...LIMITS, reads: 1 });
    for (const door of [0, 1].map((gateway) => user.at(system.address(gateway)))) {
      const refused = await refusal(() => door.get('/me'));
      expect(refused.headers.get('ratelimit-policy')).toBe('"reads";q=2;w=2');
    }

    expect((await setLimits({})).body).toEqual(LIMITS);
    const follower = await system.as(`${name}_follower`);
    await follower.follow(name);
    await stream.until('the follower is notified of', ({ event }) => event !== 'position');
    expect(stream.isOver).toBe(false);
    stream.close();
  });

  it('are not changed by invalid ones, nor without the admin key', async () => {
    await setLimits({ writes: 7 });
    for (const invalid of [-1, 1.5, '5', 1_000_001]) {
      expectError(await admin(`/users/${name}/limits`, 'PUT', { reads: invalid }), 400, 'RATE_LIMIT_INVALID');
    }
    expectError(await user.send(`/users/${name}/limits`, {}, 'PUT'), 400, 'KEY_MISSING');
    expectError(await untilCarriedOut(() => admin('/users/nobody/limits', 'PUT', {})), 404, 'USER_NOT_FOUND');
    expectError(await untilCarriedOut(() => admin('/users/nobody/limits', 'GET')), 404, 'USER_NOT_FOUND');
    expect(await limits()).toEqual({ ...LIMITS, writes: 7 });
  });

  it('of refused keys hold for an address, except for keys that the gateway knows', async () => {
    const address = await system.openGateway({ RATE_LIMIT_FAILED_KEYS: '2' });
    const known = user.at(address);
    expect((await known.servedGet('/me')).status).toBe(200);
    const wrong = new ApiClient(address, 'afs_wrong');
    expectError(await wrong.get('/me'), 401, 'KEY_INVALID');

    let attempt = 0;
    await eventually(
      'another key is refused without a look-up, and so is the admin key',
      async () => {
        const other = new ApiClient(address, await system.register(`${name}_other_${++attempt}`));
        await burst(() => wrong.get('/me'));
        const refused = await Promise.all([
          wrong.get('/me'),
          other.get('/me'),
          request(address, '/me', {}),
          admin('/stats', 'GET', undefined, ADMIN_KEY, address),
          known.get('/me'),
        ]);
        const policies = refused.map(({ headers }) => headers.get('ratelimit-policy'));
        const policy = '"failed-keys";q=4;w=2';
        return policies.join() === [policy, policy, policy, policy, null].join();
      },
      PATIENT,
    );
  });

  it('of the admin key hold for an address', async () => {
    const address = await system.openGateway({ RATE_LIMIT_ADMIN: '1' });
    const refused = await refusal(() => admin(`/users/${name}/limits`, 'GET', undefined, ADMIN_KEY, address));
    expectError(refused, 429, 'RATE_LIMITED');
    expect(refused.headers.get('ratelimit-policy')).toBe('"admin";q=2;w=2');
  });

  it('are counted in the metrics', async () => {
    await refusal(() => user.get('/me'));
    const { samples } = await Metrics.of(system.gateways[0] as ServiceProcess);
    const refused = samples.find(
      (sample) => sample.name === 'gateway_rate_limited_requests_total' && sample.labels.class === 'reads',
    );
    expect(refused?.value).toBeGreaterThan(0);
  });
});
