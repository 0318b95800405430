import {
  announcementChannel,
  decodeAnnouncement,
  decodeToken,
  hashKey,
  LIMITS_CHANGED,
  type User,
} from '@activity-feed/contracts';
import { EventStore } from '@activity-feed/eventing';
import { eventually } from '../../../../test/harness/eventually';
import { patientRedis } from '../../../../test/harness/patient-redis';
import { uniqueName } from '../../../../test/harness/servers';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/test-database';
import { Announcements } from '../announce-writes/announcements';
import { migrations } from '../database/migrations';
import { FindLimitsHandler } from '../find-limits/find-limits.handler';
import { ResolveKeyHandler } from '../resolve-key/resolve-key.handler';
import { SetLimitsHandler } from './set-limits.handler';

const ANNA = { id: 1, name: 'anna' } as User;
const keyHash = hashKey('key of anna').toString('hex');

describe('the rate limits of users on a real database', () => {
  let database: TestDatabase;
  let redis: ReturnType<typeof patientRedis>;
  let prefix: string;
  let set: SetLimitsHandler;
  let find: FindLimitsHandler;
  let resolve: ResolveKeyHandler;

  beforeEach(async () => {
    database = await createTestDatabase('postgres', migrations);
    const { pool } = database;
    prefix = `${uniqueName()}.`;
    redis = patientRedis(prefix);
    set = new SetLimitsHandler(pool, new EventStore(pool, () => undefined), new Announcements(redis, prefix));
    find = new FindLimitsHandler(pool);
    resolve = new ResolveKeyHandler(pool);
    await pool.query('INSERT INTO users VALUES ($1, $2, now(), now())', [ANNA.id, ANNA.name]);
    const values = [hashKey('key of anna'), ANNA.id];
    await pool.query('INSERT INTO keys (key_hash, user_id, created_at) VALUES ($1, $2, now())', values);
  });
  afterEach(async () => {
    redis?.disconnect();
    await database?.drop();
  });

  const found = async () => find.handle({ name: 'anna' });
  const resolved = async (options: { withLimits?: true } = { withLimits: true }) =>
    resolve.handle({ keyHash, ...options });

  it('are none until they are set', async () => {
    expect(await found()).toEqual({ ok: true, value: {} });
    expect(await resolved()).toEqual({ ok: true, value: ANNA });
  });

  it('are returned with the user of a key, to gateways that ask for them', async () => {
    await set.handle({ name: 'anna', limits: { reads: 0, writes: 200 } });
    expect(await found()).toEqual({ ok: true, value: { reads: 0, writes: 200 } });
    expect(await resolved()).toEqual({ ok: true, value: { ...ANNA, limits: { reads: 0, writes: 200 } } });
    expect(await resolved({})).toEqual({ ok: true, value: ANNA });
  });

  it('are all replaced when they are set again', async () => {
    await set.handle({ name: 'anna', limits: { reads: 5, writes: 200 } });
    await set.handle({ name: 'anna', limits: { aggregates: 7 } });
    expect(await found()).toEqual({ ok: true, value: { aggregates: 7 } });
  });

  it('are announced to the gateways', async () => {
    const subscriber = redis.duplicate();
    const heard: string[] = [];
    subscriber.on('message', (_, text) => heard.push(text));
    try {
      await subscriber.subscribe(announcementChannel(prefix));
      const answer = await set.handle({ name: 'anna', limits: { reads: 5 } });
      const announced = await eventually('it is announced', () => heard[0]);
      const { token, marks } = decodeAnnouncement(announced as string);
      expect(marks).toEqual([LIMITS_CHANGED]);
      expect(answer).toEqual({ ok: true, value: { token } });
      expect(decodeToken(token)).toMatchObject({ source: 'social-graph', stream: ANNA.id });
    } finally {
      subscriber.disconnect();
    }
  });

  it('of an unknown user cannot be set or found', async () => {
    const unknown = { ok: false, code: 'USER_NOT_FOUND' };
    expect(await set.handle({ name: 'nobody', limits: {} })).toEqual(unknown);
    expect(await find.handle({ name: 'nobody' })).toEqual(unknown);
  });
});
