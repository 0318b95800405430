import { type By, type ObjectRef, sqlEventTime, type User, type UserId } from '@activity-feed/contracts';
import { EventStore } from '@activity-feed/eventing';
import { ActivityUnderTest } from '../../../../test/harness/activity-under-test';
import { wronglyDeleted } from '../../../../test/harness/deleted-objects';
import { wrongLikesAndShares } from '../../../../test/harness/likes-and-shares';
import { EditObjectHandler } from '../edit-object/edit-object.handler';
import { FindCommentsHandler } from '../find-comments/find-comments.handler';
import { FindHistoryHandler } from '../find-history/find-history.handler';
import { FindLikesAndSharesHandler } from '../find-likes-and-shares/find-likes-and-shares.handler';
import { FindObjectHandler } from '../find-object/find-object.handler';
import { LikeObjectHandler } from '../like-object/like-object.handler';
import { RemoveVersionHandler } from '../remove-version/remove-version.handler';
import { DeleteObjectHandler } from './delete-object.handler';

const user = (id: number): User => ({ id: id as UserId, name: `user-${id}` });
const owner = user(1);
const fan = user(2);
const NOT_FOUND = { ok: false, code: 'OBJECT_NOT_FOUND' };
const RECORDED = { ok: true, value: { outcome: 'recorded' } };
const UNCHANGED = { ok: true, value: { outcome: 'unchanged' } };

describe('deleting and restoring on a real database', () => {
  let activity: ActivityUnderTest;
  let editing: EditObjectHandler;
  let removing: RemoveVersionHandler;
  let finding: FindObjectHandler;
  let listing: FindLikesAndSharesHandler;
  let history: FindHistoryHandler;
  let comments: FindCommentsHandler;
  /** Of a second instance of the service. */
  let there: { deleting: DeleteObjectHandler; liking: LikeObjectHandler };

  beforeAll(async () => {
    activity = await ActivityUnderTest.open();
    const { events, knownObjects, database } = activity;
    editing = new EditObjectHandler(events, knownObjects);
    removing = new RemoveVersionHandler(events, knownObjects);
    finding = new FindObjectHandler(database.pool);
    listing = new FindLikesAndSharesHandler(database.pool);
    history = new FindHistoryHandler(database.pool);
    comments = new FindCommentsHandler(database.pool);
    const second = new EventStore(database.pool, () => undefined);
    there = {
      deleting: new DeleteObjectHandler(second, database.pool, 30),
      liking: new LikeObjectHandler(second, knownObjects),
    };
  });
  afterEach(async () => {
    expect(await wrongLikesAndShares(activity.database.pool)).toEqual([]);
    expect(await wronglyDeleted(activity.database.pool)).toEqual([]);
  });
  afterAll(() => activity?.close());

  const remove = (object: ObjectRef, by: By = owner) => activity.deleting.delete({ object, by });
  const restore = (object: ObjectRef, by: By = owner) => activity.deleting.restore({ object, by });
  const like = (object: ObjectRef, actor = fan) => activity.liking.handle({ actor, object });

  /** Lets the time to restore pass. */
  const expire = ({ type, id }: ObjectRef) =>
    activity.database.pool.query(
      `UPDATE objects SET restorable_until = now() - interval '1 second' WHERE type = $1 AND id = $2`,
      [type, id],
    );

  async function eventsOf({ type, id }: ObjectRef, { id: stream } = owner) {
    const { rows } = await activity.database.pool.query(
      `SELECT version::int, type, data, ${sqlEventTime('time')} AS time FROM events
       WHERE stream = $1 AND data #>> '{object,type}' = $2 AND (data #>> '{object,id}')::bigint = $3 ORDER BY version`,
      [stream, type, id],
    );
    return rows;
  }

  /** What every kind of read returns to `reader`. */
  async function readsOf(object: ObjectRef, { id: reader }: User) {
    const page = { object, reader, limit: 50 };
    return [
      await finding.handle({ object, reader }),
      await listing.likes(page),
      await listing.shares(page),
      await history.handle(page),
      await comments.handle({ ...page, order: 'oldest' }),
    ];
  }

  it('hides the object from everybody but its owner, and what others did with it from its owner too', async () => {
    const object = await activity.post(owner);
    await like(object);
    await activity.share(fan, object);
    await activity.comment(fan, object);
    const [before, , , versions] = await readsOf(object, owner);
    const deleted = await remove(object);
    expect(deleted).toEqual({
      ok: true,
      value: { outcome: 'recorded', token: expect.any(String), restorableUntil: expect.any(String) },
    });
    expect(await readsOf(object, fan)).toEqual(Array(5).fill(NOT_FOUND));
    expect(await finding.handleAll({ objects: [object], reader: fan.id })).toEqual({ ok: true, value: [null] });
    expect(await listing.likes({ object, limit: 50 })).toEqual(NOT_FOUND);

    const [{ time: deletedAt, data }] = (await eventsOf(object)).slice(-1);
    const { restorable_until: restorableUntil } = data;
    const value = { ...(before?.ok && before.value), deletion: { deletedAt, restorableUntil } };
    expect(await readsOf(object, owner)).toEqual([
      { ok: true, value },
      { ok: true, value: { likes: [] } },
      { ok: true, value: { shares: [] } },
      versions,
      { ok: true, value: { comments: [] } },
    ]);
    expect(deleted.ok && deleted.value.restorableUntil).toBe(restorableUntil);
    const days = (Date.parse(restorableUntil) - Date.parse(deletedAt)) / 86_400_000;
    expect(days).toBeCloseTo(30, 2);
  });

  it('brings everything back with a restore, and the event has the content', async () => {
    const object = await activity.post(owner, 'photo', 'first');
    await like(object);
    await editing.handle({ actor: owner, object, content: 'second' });
    const before = await readsOf(object, fan);
    await remove(object);
    expect(await restore(object)).toMatchObject(RECORDED);
    expect(await readsOf(object, fan)).toEqual(before);
    const [posted] = await eventsOf(object);
    expect((await eventsOf(object)).at(-1)).toMatchObject({
      type: 'activity.object-restored.v1',
      data: { actor: owner, object: { ...object, content: 'second' }, revision: 2, created_at: posted.time },
    });
  });

  it('changes nothing the second time', async () => {
    const object = await activity.post(owner);
    expect(await restore(object)).toMatchObject(UNCHANGED);
    const first = await remove(object);
    expect(await remove(object)).toEqual({ ok: true, value: { ...(first.ok && first.value), outcome: 'unchanged' } });
    await restore(object);
    expect(await restore(object)).toMatchObject(UNCHANGED);
    expect(await eventsOf(object)).toHaveLength(3);
  });

  it('refuses others and, while it is deleted, does not tell them that it exists', async () => {
    const object = await activity.post(owner);
    const notOwner = { ok: false, code: 'NOT_OWNER' };
    expect([await remove(object, fan), await restore(object, fan)]).toEqual([notOwner, notOwner]);
    await remove(object);
    expect([await remove(object, fan), await restore(object, fan)]).toEqual([NOT_FOUND, NOT_FOUND]);
    expect(await editing.handle({ actor: fan, object, content: 'mine' })).toEqual(NOT_FOUND);
    expect(await removing.handle({ actor: fan, object, version: 1 })).toEqual(NOT_FOUND);
    const unknown: ObjectRef = { type: 'post', id: 999 };
    for (const by of [owner, 'admin'] as const) {
      expect([await remove(unknown, by), await restore(unknown, by)]).toEqual([NOT_FOUND, NOT_FOUND]);
    }
  });

  it('refuses likes and shares, but lets everybody take back what they did', async () => {
    const object = await activity.post(owner);
    await like(object);
    await activity.share(fan, object);
    await remove(object);
    for (const actor of [owner, fan, user(3)]) {
      expect(await like(object, actor)).toEqual(NOT_FOUND);
      expect(await activity.share(actor, object)).toEqual(NOT_FOUND);
    }
    expect(await activity.undoing.unlike({ actor: user(3), object })).toEqual(NOT_FOUND);
    expect(await activity.undoing.unlike({ actor: fan, object })).toMatchObject(RECORDED);
    await expire(object);
    expect(await activity.undoing.unshare({ actor: fan, object })).toMatchObject(RECORDED);
    expect(await activity.undoing.unshare({ actor: fan, object })).toEqual(NOT_FOUND);
  });

  it('lets its owner edit a deleted object and remove its versions', async () => {
    const object = await activity.post(owner, 'photo', 'a secret');
    await remove(object);
    expect(await editing.handle({ actor: owner, object, content: 'no secret' })).toMatchObject(RECORDED);
    expect(await removing.handle({ actor: owner, object, version: 1 })).toMatchObject(RECORDED);
    await restore(object);
    expect((await eventsOf(object)).at(-1).data.object.content).toBe('no secret');
  });

  it('hides the object from its owner too when it can no longer be restored', async () => {
    const object = await activity.post(owner);
    await remove(object);
    await expire(object);
    expect(await readsOf(object, owner)).toEqual(Array(5).fill(NOT_FOUND));
    expect(await remove(object)).toEqual(NOT_FOUND);
    expect(await editing.handle({ actor: owner, object, content: 'late' })).toEqual(NOT_FOUND);
    expect(await restore(object)).toEqual({ ok: false, code: 'OBJECT_GONE' });
    expect(await restore(object, fan)).toEqual(NOT_FOUND);
  });

  it('hides the comments on the object as if they were deleted too', async () => {
    const photo = await activity.post(owner);
    const comment = await activity.comment(fan, photo);
    await like(comment, user(3));
    const page = { object: comment, reader: fan.id, limit: 50 };
    const before = await listing.likes(page);
    await like(comment, user(5));
    await remove(photo);
    expect(await readsOf(comment, fan)).toEqual(Array(5).fill(NOT_FOUND));
    expect(await readsOf(comment, owner)).toEqual(Array(5).fill(NOT_FOUND));
    expect(await like(comment, user(4))).toEqual(NOT_FOUND);
    expect(await editing.handle({ actor: fan, object: comment, content: 'b' })).toEqual(NOT_FOUND);
    for (const by of [fan, owner]) {
      expect([await remove(comment, by), await restore(comment, by)]).toEqual([NOT_FOUND, NOT_FOUND]);
    }
    expect(await activity.undoing.unlike({ actor: user(5), object: comment })).toMatchObject(RECORDED);
    await restore(photo);
    expect(await listing.likes(page)).toEqual(before);
    await remove(comment, fan);
    expect((await finding.handle({ object: comment, reader: owner.id })).ok).toBe(false);
    expect((await finding.handle({ object: comment, reader: fan.id })).ok).toBe(true);
  });

  it('lets the owner of an object delete comments and replies on it, in their writers’ streams, and alone restore them', async () => {
    const photo = await activity.post(owner);
    const first = await activity.comment(fan, photo);
    const reply = await activity.comment(user(3), photo, 'a reply', first.id);
    expect(await remove(reply, fan)).toEqual({ ok: false, code: 'NOT_OWNER' });
    for (const { object, writer } of [
      { object: reply, writer: user(3) },
      { object: first, writer: fan },
    ]) {
      const deleted = await remove(object);
      const token = expect.stringMatching(new RegExp(`^activity\\.${writer.id}\\.`));
      expect(deleted).toMatchObject({ value: { outcome: 'recorded', token } });
      const data = { actor: writer, target: writer, by: owner, root: photo, root_owner: owner };
      expect((await eventsOf(object, writer)).at(-1)).toMatchObject({ data });
      expect(await remove(object)).toEqual({
        ok: true,
        value: { ...(deleted.ok && deleted.value), outcome: 'unchanged' },
      });
      expect(await finding.handle({ object, reader: writer.id })).toMatchObject({ value: { deletion: {} } });
      expect(await readsOf(object, owner)).toEqual(Array(5).fill(NOT_FOUND));
      expect(await remove(object, writer)).toMatchObject(UNCHANGED);
      expect(await restore(object, writer)).toEqual({ ok: false, code: 'NOT_DELETER' });
    }
    for (const object of [first, reply]) expect(await restore(object)).toMatchObject(RECORDED);
    expect((await eventsOf(reply, user(3))).at(-1)).toMatchObject({ data: { by: owner } });
    expect((await finding.handle({ object: reply, reader: 9 as UserId })).ok).toBe(true);
  });

  it('lets an administrator delete any object, in its owner’s stream, and alone restore it', async () => {
    const object = await activity.post(owner);
    const deleted = await remove(object, 'admin');
    expect(deleted).toMatchObject({ value: { outcome: 'recorded', token: expect.stringMatching(/^activity\.1\./) } });
    expect((await eventsOf(object)).at(-1)).toMatchObject({ data: { actor: owner, target: owner, by: 'admin' } });
    expect(await remove(object)).toMatchObject(UNCHANGED);
    expect(await restore(object)).toEqual({ ok: false, code: 'NOT_DELETER' });
    expect(await restore(object, 'admin')).toMatchObject(RECORDED);
    expect((await eventsOf(object)).at(-1).data.by).toBe('admin');
    expect((await finding.handle({ object, reader: fan.id })).ok).toBe(true);
  });

  it('lets an administrator delete what its owner has deleted, so that the owner cannot restore it', async () => {
    const object = await activity.post(owner);
    await remove(object);
    expect(await restore(object, 'admin')).toEqual({ ok: false, code: 'NOT_DELETER' });
    expect(await remove(object, 'admin')).toMatchObject(RECORDED);
    expect(await remove(object, 'admin')).toMatchObject(UNCHANGED);
    expect(await restore(object)).toEqual({ ok: false, code: 'NOT_DELETER' });
  });

  it('puts concurrent deletions, restores, edits and the owner’s likes by two instances into a single order', async () => {
    const object = await activity.post(owner, 'photo', '0');
    const others = Array.from({ length: 8 }, (_, index) => user(10 + index));
    await Promise.all(
      Array.from({ length: 96 }, (_, index) => {
        const { deleting, liking } = index % 2 ? there : activity;
        switch ((index % 6) >> 1) {
          case 0:
            return deleting.delete({ object, by: owner });
          case 1:
            return deleting.restore({ object, by: index % 12 < 6 ? owner : 'admin' });
          default:
            return liking.handle({ actor: others[(index >> 1) % others.length] as User, object });
        }
      }),
    );
    const changes = (await eventsOf(object)).slice(1).map(({ type }) => type);
    expect(changes).toEqual(changes.map((_, index) => `activity.object-${index % 2 ? 'restored' : 'deleted'}.v1`));
    expect(changes.length).toBeGreaterThan(1);
    await restore(object);
    const likers = await listing.likes({ object, reader: owner.id, limit: 50 });
    const { rows } = await activity.database.pool.query(
      "SELECT count(*)::int AS count FROM events WHERE type = 'activity.object-liked.v1' AND (data #>> '{object,id}')::int = $1",
      [object.id],
    );
    expect(likers.ok && likers.value.likes).toHaveLength(rows[0].count);
  });

  it('puts concurrent deletions of a comment by its writer and by the owner of its object into a single order', async () => {
    const photo = await activity.post(owner);
    const comment = await activity.comment(fan, photo);
    const answers = await Promise.all(
      Array.from({ length: 80 }, (_, index) => {
        const { deleting } = index % 2 ? there : activity;
        const by = index % 8 < 4 ? fan : owner;
        return index % 4 < 2 ? deleting.delete({ object: comment, by }) : deleting.restore({ object: comment, by });
      }),
    );
    const [, ...changes] = await eventsOf(comment, fan);
    expect(changes.map(({ type }) => type)).toEqual(
      changes.map((_, index) => `activity.object-${index % 2 ? 'restored' : 'deleted'}.v1`),
    );
    // Whoever restored it had deleted it.
    for (let index = 1; index < changes.length; index += 2) {
      expect(changes[index]?.data.by).toEqual(changes[index - 1]?.data.by);
    }
    expect(answers.filter((answer) => answer.ok && answer.value.outcome === 'recorded')).toHaveLength(changes.length);
  });

  it('deletes objects of many owners in one transaction', async () => {
    const owners = Array.from({ length: 20 }, (_, index) => user(200 + index));
    const objects = await Promise.all(owners.map((actor) => activity.post(actor)));
    const answers = await Promise.all(objects.map((object, index) => remove(object, owners[index])));
    expect(answers).toMatchObject(Array(20).fill(RECORDED));
    const { rows } = await activity.database.pool.query(
      "SELECT DISTINCT transaction_id FROM events WHERE stream >= 200 AND type = 'activity.object-deleted.v1'",
    );
    expect(rows.length).toBeLessThan(20);
    expect(await restore(objects[3] as ObjectRef, owners[3])).toMatchObject(RECORDED);
  });
});
