import { OBJECT_COMMANDS, type User, type UserId } from '@activity-feed/contracts';
import { EventStore } from '@activity-feed/eventing';
import { createRedis } from '@activity-feed/hosting';
import { Redis } from 'ioredis';
import { eventually } from '../../../../test/harness/eventually';
import { testServers, uniqueName } from '../../../../test/harness/servers';
import { createTestDatabase, silent, type TestDatabase } from '../../../../test/harness/test-database';
import { ActOnObjectHandler } from '../act-on-object/act-on-object.handler';
import { migrations } from '../database/migrations';
import { KnownObjects } from '../find-object/known-objects';
import { PostObjectHandler } from '../post-object/post-object.handler';
import { LikeObjectHandler } from './like-object.handler';

const owner: User = { id: 1 as UserId, name: 'owner' };
const SHARE = { getPattern: () => OBJECT_COMMANDS.share.pattern };
const fan: User = { id: 2 as UserId, name: 'fan' };

describe('liking on a real database', () => {
  let database: TestDatabase;
  let redis: Redis;
  let knownObjects: KnownObjects;
  let events: EventStore;

  beforeAll(async () => {
    database = await createTestDatabase('postgres', migrations);
    redis = createRedis(testServers().redis, `${uniqueName()}.`, silent);
    knownObjects = new KnownObjects(redis, database.pool);
    events = new EventStore(database.pool, () => undefined);
  });
  afterAll(async () => {
    redis?.disconnect();
    await database?.drop();
  });

  it('records one event for concurrent likes of an object by one user, and one for each share', async () => {
    const post = await new PostObjectHandler(events, knownObjects).handle({
      actor: owner,
      type: 'photo',
      content: 'a',
    });
    const object = { type: 'photo', id: post.ok ? post.value.objectId : 0 } as const;
    const [like, share] = [new LikeObjectHandler(events, knownObjects), new ActOnObjectHandler(events, knownObjects)];
    await Promise.all(Array.from({ length: 16 }, () => like.handle({ actor: fan, object })));
    await Promise.all(Array.from({ length: 3 }, () => share.handle({ actor: fan, object }, SHARE)));
    const { rows } = await database.pool.query('SELECT type, data FROM events WHERE stream = 2 ORDER BY version');
    expect(rows.map(({ type }) => type)).toEqual([
      'activity.object-liked.v1',
      ...Array(3).fill('activity.object-shared.v1'),
    ]);
    expect(rows[0].data).toEqual({ actor: fan, object, target: owner });
  });

  it('keeps its order before later commands of the user while the object is looked up', async () => {
    const [post, like] = [new PostObjectHandler(events, knownObjects), new LikeObjectHandler(events, knownObjects)];
    const share = new ActOnObjectHandler(events, knownObjects);
    const posted = await post.handle({ actor: owner, type: 'photo', content: 'b' });
    const object = { type: 'photo', id: posted.ok ? posted.value.objectId : 0 } as const;
    const name = `photo:${object.id}`;
    await eventually('Redis knows the object', () => redis.srem('known-objects', name).then((gone) => gone > 0));
    const user: User = { id: 3 as UserId, name: 'quick' };
    await Promise.all([
      like.handle({ actor: user, object }),
      share.handle({ actor: user, object }, SHARE),
      post.handle({ actor: user, type: 'post', content: 'c' }),
    ]);
    const { rows } = await database.pool.query('SELECT type FROM events WHERE stream = 3 ORDER BY version');
    expect(rows.map(({ type }) => type)).toEqual([
      'activity.object-liked.v1',
      'activity.object-shared.v1',
      'activity.object-posted.v1',
    ]);
  });

  it('refuses an object that only Redis knows', async () => {
    await redis.sadd('known-objects', 'post:77');
    const like = new LikeObjectHandler(events, knownObjects);
    expect(await like.handle({ actor: fan, object: { type: 'post', id: 77 } })).toEqual({
      ok: false,
      code: 'OBJECT_NOT_FOUND',
    });
  });
});
