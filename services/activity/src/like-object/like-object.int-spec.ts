import type { User, UserId } from '@activity-feed/contracts';
import { ActivityUnderTest } from '../../../../test/harness/activity-under-test';
import { eventually } from '../../../../test/harness/eventually';
import { wrongLikesAndShares } from '../../../../test/harness/likes-and-shares';

const owner: User = { id: 1 as UserId, name: 'owner' };
const fan: User = { id: 2 as UserId, name: 'fan' };

describe('liking on a real database', () => {
  let activity: ActivityUnderTest;

  beforeAll(async () => {
    activity = await ActivityUnderTest.open();
  });
  afterAll(() => activity?.close());

  it('records one event for concurrent likes of an object by one user, and one for each share, with their rows', async () => {
    const object = await activity.post(owner);
    await Promise.all(Array.from({ length: 16 }, () => activity.liking.handle({ actor: fan, object })));
    await Promise.all(Array.from({ length: 3 }, () => activity.share(fan, object)));
    const { rows } = await activity.database.pool.query(
      'SELECT type, data FROM events WHERE stream = 2 ORDER BY version',
    );
    expect(rows.map(({ type }) => type)).toEqual([
      'activity.object-liked.v1',
      ...Array(3).fill('activity.object-shared.v1'),
    ]);
    expect(rows[0].data).toEqual({ actor: fan, object, target: owner });
    expect(await wrongLikesAndShares(activity.database.pool)).toEqual([]);
  });

  it('is recorded before later commands of the user, although its object must be looked up first', async () => {
    const object = await activity.post(owner);
    const name = `photo:${object.id}`;
    // The post has sent its command on this connection, so the object is unknown after this one.
    await eventually('Redis has answered', () => activity.redis.srem('known-objects', name).then(() => true));
    const user: User = { id: 3 as UserId, name: 'quick' };
    await Promise.all([
      activity.liking.handle({ actor: user, object }),
      activity.share(user, object),
      activity.posting.handle({ actor: user, type: 'post', content: 'c' }),
    ]);
    const { rows } = await activity.database.pool.query('SELECT type FROM events WHERE stream = 3 ORDER BY version');
    expect(rows.map(({ type }) => type)).toEqual([
      'activity.object-liked.v1',
      'activity.object-shared.v1',
      'activity.object-posted.v1',
    ]);
  });

  it('refuses an object that only Redis knows', async () => {
    await activity.redis.sadd('known-objects', 'post:77');
    expect(await activity.liking.handle({ actor: fan, object: { type: 'post', id: 77 } })).toEqual({
      ok: false,
      code: 'OBJECT_NOT_FOUND',
    });
  });
});
