import { type ObjectRef, sqlEventTime, type User, type UserId, type WriteAnswer } from '@activity-feed/contracts';
import { EventStore } from '@activity-feed/eventing';
import { ActivityUnderTest } from '../../../../test/harness/activity-under-test';
import { wrongLikesAndShares } from '../../../../test/harness/likes-and-shares';
import { FindLikesAndSharesHandler } from '../find-likes-and-shares/find-likes-and-shares.handler';
import { FindObjectHandler } from '../find-object/find-object.handler';
import { LikeObjectHandler } from '../like-object/like-object.handler';
import { UndoActivityHandler } from './undo-activity.handler';

const user = (id: number): User => ({ id: id as UserId, name: `user-${id}` });
const owner = user(1);

describe('taking activities back on a real database', () => {
  let activity: ActivityUnderTest;
  /** Of a second instance of the service. */
  let there: { liking: LikeObjectHandler; undoing: UndoActivityHandler };
  let finding: FindObjectHandler;
  let listing: FindLikesAndSharesHandler;
  let nextUser = 100;

  beforeAll(async () => {
    activity = await ActivityUnderTest.open();
    const { database, knownObjects } = activity;
    const events = new EventStore(database.pool, () => undefined);
    there = {
      liking: new LikeObjectHandler(events, knownObjects),
      undoing: new UndoActivityHandler(events, knownObjects),
    };
    finding = new FindObjectHandler(database.pool);
    listing = new FindLikesAndSharesHandler(database.pool);
  });
  afterEach(async () => expect(await wrongLikesAndShares(activity.database.pool)).toEqual([]));
  afterAll(() => activity?.close());

  const somebody = () => user(nextUser++);
  const like = (actor: User, object: ObjectRef) => activity.liking.handle({ actor, object });
  const share = (actor: User, object: ObjectRef) => activity.share(actor, object);
  const unlike = (actor: User, object: ObjectRef) => activity.undoing.unlike({ actor, object });
  const unshare = (actor: User, object: ObjectRef) => activity.undoing.unshare({ actor, object });
  const outcomeOf = (answer: WriteAnswer) => (answer.ok ? answer.value.outcome : answer.code);

  async function eventsOf({ id }: User) {
    const { rows } = await activity.database.pool.query(
      `SELECT event_id AS id, version::int, type, data, ${sqlEventTime('time')} AS time
       FROM events WHERE stream = $1 ORDER BY version`,
      [id],
    );
    return rows;
  }

  async function seenBy(reader: User, object: ObjectRef) {
    const [found, likes, shares] = [
      await finding.handle({ object, reader: reader.id }),
      await listing.likes({ object, limit: 50 }),
      await listing.shares({ object, limit: 50 }),
    ];
    if (!found.ok || !likes.ok || !shares.ok) throw new Error('the object is unknown');
    const names = (entries: { user_name: string }[]) => entries.map(({ user_name }) => user_name);
    const { liked, shared } = found.value;
    return { liked, shared, likes: names(likes.value.likes), shares: names(shares.value.shares) };
  }

  it('records which like is taken back, and the like is gone at once', async () => {
    const [fan, object] = [somebody(), await activity.post(owner)];
    await like(fan, object);
    const [liked] = await eventsOf(fan);
    expect(await unlike(fan, object)).toEqual({
      ok: true,
      value: { outcome: 'recorded', token: `activity.${fan.id}.2` },
    });
    expect((await eventsOf(fan))[1]).toMatchObject({
      type: 'activity.object-unliked.v1',
      data: { actor: fan, object, target: owner, undone: { id: liked.id, version: 1, time: liked.time } },
    });
    expect(await seenBy(fan, object)).toEqual({ liked: false, shared: false, likes: [], shares: [] });
  });

  it('takes all shares of the object by the user back with one event', async () => {
    const [fan, object, other] = [somebody(), await activity.post(owner), await activity.post(owner)];
    for (const shared of [object, other, object, object]) await share(fan, shared);
    await share(owner, object);
    const shares = await eventsOf(fan);
    expect(outcomeOf(await unshare(fan, object))).toBe('recorded');
    expect((await eventsOf(fan)).slice(4)).toMatchObject([
      {
        type: 'activity.object-unshared.v1',
        data: {
          actor: fan,
          object,
          target: owner,
          undone: { count: 3, first_time: shares[0].time, last_time: shares[3].time },
        },
      },
    ]);
    expect(await seenBy(fan, object)).toMatchObject({ shared: false, shares: [owner.name] });
    expect(await seenBy(fan, other)).toMatchObject({ shared: true, shares: [fan.name] });
  });

  it('leaves likes when it takes back shares, and shares when it takes back a like', async () => {
    const [fan, object] = [somebody(), await activity.post(owner)];
    await like(fan, object);
    await share(fan, object);
    await unlike(fan, object);
    expect(await seenBy(fan, object)).toMatchObject({ liked: false, shared: true });
    await like(fan, object);
    await unshare(fan, object);
    expect(await seenBy(fan, object)).toMatchObject({ liked: true, shared: false });
  });

  it('changes nothing if there is nothing to take back, and returns the token of the stream', async () => {
    const [fan, object] = [somebody(), await activity.post(owner)];
    await like(owner, object);
    await share(owner, object);
    const unchanged = { ok: true, value: { outcome: 'unchanged', token: `activity.${fan.id}.0` } };
    expect([await unlike(fan, object), await unshare(fan, object)]).toEqual([unchanged, unchanged]);
    await like(fan, object);
    const first = await unlike(fan, object);
    expect(await unlike(fan, object)).toEqual({
      ok: true,
      value: { ...(first.ok && first.value), outcome: 'unchanged' },
    });
    expect(await eventsOf(fan)).toHaveLength(2);
  });

  it('lets the user like and share again, as new activities', async () => {
    const [fan, object] = [somebody(), await activity.post(owner)];
    for (const act of [like, unlike, like, share, unshare, share])
      expect(outcomeOf(await act(fan, object))).toBe('recorded');
    const events = await eventsOf(fan);
    expect(new Set(events.map(({ time }) => time)).size).toBe(6);
    expect(await seenBy(fan, object)).toEqual({ liked: true, shared: true, likes: [fan.name], shares: [fan.name] });
    expect(outcomeOf(await unlike(fan, object))).toBe('recorded');
    expect((await eventsOf(fan)).at(-1).data.undone).toMatchObject({ id: events[2].id, version: 3 });
  });

  it('records one event for concurrent undos by one user through two instances', async () => {
    const [fan, object] = [somebody(), await activity.post(owner)];
    await like(fan, object);
    for (let shares = 0; shares < 3; shares++) await share(fan, object);
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) => {
        const { undoing } = index % 2 ? there : activity;
        return undoing[index < 8 ? 'unlike' : 'unshare']({ actor: fan, object });
      }),
    );
    const outcomes = [answers.slice(0, 8), answers.slice(8)].map((some) => some.map(outcomeOf).sort());
    expect(outcomes).toEqual(Array(2).fill(['recorded', ...Array(7).fill('unchanged')]));
  });

  it('puts concurrent likes and unlikes by two instances into a single order', async () => {
    const [fan, object] = [somebody(), await activity.post(owner)];
    await Promise.all(
      Array.from({ length: 64 }, (_, index) => {
        const { liking, undoing } = index % 2 ? there : activity;
        return index % 4 < 2 ? liking.handle({ actor: fan, object }) : undoing.unlike({ actor: fan, object });
      }),
    );
    const types = (await eventsOf(fan)).map(({ type }) => type);
    const alternating = types.map((_, index) => `activity.object-${index % 2 ? 'unliked' : 'liked'}.v1`);
    expect(types).toEqual(alternating);
    expect((await seenBy(fan, object)).liked).toBe(types.length % 2 === 1);
  });

  it('takes back likes and shares of many users in one transaction', async () => {
    const fans = Array.from({ length: 20 }, somebody);
    const objects = await Promise.all(fans.map((fan) => activity.post(fan)));
    const each = (act: (actor: User, object: ObjectRef) => Promise<WriteAnswer>) =>
      Promise.all(fans.map((fan, index) => act(fan, objects[index] as ObjectRef)));
    await each(like);
    await each(share);
    const outcomes = await Promise.all(
      fans.map((fan, index) => (index % 2 ? unlike : unshare)(fan, objects[index] as ObjectRef)),
    );
    expect(outcomes.map(outcomeOf)).toEqual(Array(20).fill('recorded'));
    for (const [index, fan] of fans.entries()) {
      const { liked, shared } = await seenBy(fan, objects[index] as ObjectRef);
      expect([liked, shared]).toEqual(index % 2 ? [false, true] : [true, false]);
    }
    const { rows } = await activity.database.pool.query(
      `SELECT DISTINCT transaction_id FROM events WHERE stream = ANY ($1) AND type LIKE '%-un%'`,
      [fans.map(({ id }) => id)],
    );
    expect(rows.length).toBeLessThan(20);
  });

  it('keeps its place among the commands of the user', async () => {
    const [fan, object] = [somebody(), await activity.post(owner)];
    const answers = await Promise.all([
      like(fan, object),
      share(fan, object),
      unlike(fan, object),
      unshare(fan, object),
      like(fan, object),
    ]);
    expect(answers.map(outcomeOf)).toEqual(Array(5).fill('recorded'));
    expect(await seenBy(fan, object)).toMatchObject({ liked: true, shared: false });
  });

  it('refuses an object that only Redis knows', async () => {
    await activity.redis.sadd('known-objects', 'post:77');
    for (const undo of [unlike, unshare]) {
      expect(await undo(owner, { type: 'post', id: 77 })).toEqual({ ok: false, code: 'OBJECT_NOT_FOUND' });
    }
  });
});
