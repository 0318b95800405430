import { sqlEventTime, type User, type UserId } from '@activity-feed/contracts';
import { EventStore } from '@activity-feed/eventing';
import { createRedis } from '@activity-feed/hosting';
import type { Redis } from 'ioredis';
import { testServers, uniqueName } from '../../../../test/harness/servers';
import { createTestDatabase, silent, type TestDatabase } from '../../../../test/harness/test-database';
import { migrations } from '../database/migrations';
import { LikeObjectHandler } from '../like-object/like-object.handler';
import { PostObjectHandler } from '../post-object/post-object.handler';
import { FindObjectHandler } from './find-object.handler';
import { KnownObjects } from './known-objects';

const owner: User = { id: 1 as UserId, name: 'owner' };
const fan: User = { id: 2 as UserId, name: 'fan' };

describe('finding an object', () => {
  let database: TestDatabase;
  let redis: Redis;
  let posting: PostObjectHandler;
  let liking: LikeObjectHandler;
  let reading: FindObjectHandler;

  beforeAll(async () => {
    database = await createTestDatabase('postgres', migrations);
    redis = createRedis(testServers().redis, `${uniqueName()}.`, silent);
    const knownObjects = new KnownObjects(redis, database.pool);
    const events = new EventStore(database.pool, () => undefined);
    posting = new PostObjectHandler(events, knownObjects);
    liking = new LikeObjectHandler(events, knownObjects);
    reading = new FindObjectHandler(database.pool);
  });
  afterAll(async () => {
    redis?.disconnect();
    await database?.drop();
  });

  it('returns content, owner, time, and whether the reader likes it, immediately after the like', async () => {
    const content = '"quotes" \\ \u{1F44D} 𝄞 é\n\t';
    await posting.handle({ actor: owner, type: 'photo', content });
    const object = { type: 'photo', id: 1 } as const;
    const { rows } = await database.pool.query(`SELECT ${sqlEventTime('time')} AS time FROM events`);
    const found = { object, owner, content, createdAt: rows[0].time };
    expect(await reading.handle({ object, reader: fan.id })).toEqual({ ok: true, value: { ...found, liked: false } });

    await liking.handle({ actor: fan, object });
    expect(await reading.handle({ object, reader: fan.id })).toEqual({ ok: true, value: { ...found, liked: true } });
    expect(await reading.handle({ object, reader: owner.id })).toEqual({ ok: true, value: { ...found, liked: false } });
  });

  it.each([
    ['that nobody has posted', { type: 'photo', id: 999 }],
    ['of another type', { type: 'post', id: 1 }],
    ['with the largest id', { type: 'photo', id: Number.MAX_SAFE_INTEGER }],
  ] as const)('returns OBJECT_NOT_FOUND for an object %s', async (_case, object) => {
    expect(await reading.handle({ object, reader: fan.id })).toEqual({ ok: false, code: 'OBJECT_NOT_FOUND' });
  });
});
