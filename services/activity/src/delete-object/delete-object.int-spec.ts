import type { ObjectRef } from '@activity-feed/contracts';
import { DeletionUnderTest, fan, owner, user } from '../../../../test/harness/deletion-under-test';

const NOT_FOUND = { ok: false, code: 'OBJECT_NOT_FOUND' };
const RECORDED = { ok: true, value: { outcome: 'recorded' } };
const UNCHANGED = { ok: true, value: { outcome: 'unchanged' } };

describe('deleting and restoring on a real database', () => {
  let under: DeletionUnderTest;

  beforeAll(async () => {
    under = await DeletionUnderTest.open();
  });
  afterEach(async () => expect(await under.wrongRows()).toEqual([]));
  afterAll(() => under?.close());

  it('hides the object from everybody but its owner, and what others did with it from its owner too', async () => {
    const object = await under.activity.post(owner);
    await under.like(object);
    await under.activity.share(fan, object);
    await under.activity.comment(fan, object);
    const [before, , , versions] = await under.readsOf(object, owner);
    const deleted = await under.remove(object);
    expect(deleted).toEqual({
      ok: true,
      value: { outcome: 'recorded', token: expect.any(String), restorableUntil: expect.any(String) },
    });
    expect(await under.readsOf(object, fan)).toEqual(Array(5).fill(NOT_FOUND));
    expect(await under.finding.handleAll({ objects: [object], reader: fan.id })).toEqual({ ok: true, value: [null] });
    expect(await under.listing.likes({ object, limit: 50 })).toEqual(NOT_FOUND);

    const [{ time: deletedAt, data }] = (await under.eventsOf(object)).slice(-1);
    const { restorable_until: restorableUntil } = data;
    const value = { ...(before?.ok && before.value), deletion: { deletedAt, restorableUntil } };
    expect(await under.readsOf(object, owner)).toEqual([
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
    const object = await under.activity.post(owner, 'photo', 'first');
    await under.like(object);
    await under.editing.handle({ actor: owner, object, content: 'second' });
    const before = await under.readsOf(object, fan);
    await under.remove(object);
    expect(await under.restore(object)).toMatchObject(RECORDED);
    expect(await under.readsOf(object, fan)).toEqual(before);
    const [posted] = await under.eventsOf(object);
    expect((await under.eventsOf(object)).at(-1)).toMatchObject({
      type: 'activity.object-restored.v1',
      data: { actor: owner, object: { ...object, content: 'second' }, revision: 2, created_at: posted.time },
    });
  });

  it('changes nothing the second time', async () => {
    const object = await under.activity.post(owner);
    expect(await under.restore(object)).toMatchObject(UNCHANGED);
    const first = await under.remove(object);
    expect(await under.remove(object)).toEqual({
      ok: true,
      value: { ...(first.ok && first.value), outcome: 'unchanged' },
    });
    await under.restore(object);
    expect(await under.restore(object)).toMatchObject(UNCHANGED);
    expect(await under.eventsOf(object)).toHaveLength(3);
  });

  it('refuses others and, while it is deleted, does not tell them that it exists', async () => {
    const object = await under.activity.post(owner);
    const notOwner = { ok: false, code: 'NOT_OWNER' };
    expect([await under.remove(object, fan), await under.restore(object, fan)]).toEqual([notOwner, notOwner]);
    await under.remove(object);
    expect([await under.remove(object, fan), await under.restore(object, fan)]).toEqual([NOT_FOUND, NOT_FOUND]);
    expect(await under.editing.handle({ actor: fan, object, content: 'mine' })).toEqual(NOT_FOUND);
    expect(await under.removing.handle({ actor: fan, object, version: 1 })).toEqual(NOT_FOUND);
    const unknown: ObjectRef = { type: 'post', id: 999 };
    for (const by of [owner, 'admin'] as const) {
      expect([await under.remove(unknown, by), await under.restore(unknown, by)]).toEqual([NOT_FOUND, NOT_FOUND]);
    }
  });

  it('refuses likes and shares, but lets everybody take back what they did', async () => {
    const object = await under.activity.post(owner);
    await under.like(object);
    await under.activity.share(fan, object);
    await under.remove(object);
    for (const actor of [owner, fan, user(3)]) {
      expect(await under.like(object, actor)).toEqual(NOT_FOUND);
      expect(await under.activity.share(actor, object)).toEqual(NOT_FOUND);
    }
    expect(await under.activity.undoing.unlike({ actor: user(3), object })).toEqual(NOT_FOUND);
    expect(await under.activity.undoing.unlike({ actor: fan, object })).toMatchObject(RECORDED);
    await under.expire(object);
    expect(await under.activity.undoing.unshare({ actor: fan, object })).toMatchObject(RECORDED);
    expect(await under.activity.undoing.unshare({ actor: fan, object })).toEqual(NOT_FOUND);
  });

  it('lets its owner edit a deleted object and remove its versions', async () => {
    const object = await under.activity.post(owner, 'photo', 'a secret');
    await under.remove(object);
    expect(await under.editing.handle({ actor: owner, object, content: 'no secret' })).toMatchObject(RECORDED);
    expect(await under.removing.handle({ actor: owner, object, version: 1 })).toMatchObject(RECORDED);
    await under.restore(object);
    expect((await under.eventsOf(object)).at(-1).data.object.content).toBe('no secret');
  });

  it('hides the object from its owner too when it can no longer be restored', async () => {
    const object = await under.activity.post(owner);
    await under.remove(object);
    await under.expire(object);
    expect(await under.readsOf(object, owner)).toEqual(Array(5).fill(NOT_FOUND));
    expect(await under.remove(object)).toEqual(NOT_FOUND);
    expect(await under.editing.handle({ actor: owner, object, content: 'late' })).toEqual(NOT_FOUND);
    expect(await under.restore(object)).toEqual({ ok: false, code: 'OBJECT_GONE' });
    expect(await under.restore(object, fan)).toEqual(NOT_FOUND);
  });
});
