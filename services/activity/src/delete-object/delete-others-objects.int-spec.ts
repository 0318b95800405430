import type { UserId } from '@activity-feed/contracts';
import { DeletionUnderTest, fan, owner, user } from '../../../../test/harness/deletion-under-test';

const NOT_FOUND = { ok: false, code: 'OBJECT_NOT_FOUND' };
const RECORDED = { ok: true, value: { outcome: 'recorded' } };
const UNCHANGED = { ok: true, value: { outcome: 'unchanged' } };

describe('deleting comments on one’s objects, and as an administrator', () => {
  let under: DeletionUnderTest;

  beforeAll(async () => {
    under = await DeletionUnderTest.open();
  });
  afterEach(async () => expect(await under.wrongRows()).toEqual([]));
  afterAll(() => under?.close());

  it('hides the comments on the object as if they were deleted too', async () => {
    const photo = await under.activity.post(owner);
    const comment = await under.activity.comment(fan, photo);
    await under.like(comment, user(3));
    const page = { object: comment, reader: fan.id, limit: 50 };
    const before = await under.listing.likes(page);
    await under.like(comment, user(5));
    await under.remove(photo);
    expect(await under.readsOf(comment, fan)).toEqual(Array(5).fill(NOT_FOUND));
    expect(await under.readsOf(comment, owner)).toEqual(Array(5).fill(NOT_FOUND));
    expect(await under.like(comment, user(4))).toEqual(NOT_FOUND);
    expect(await under.editing.handle({ actor: fan, object: comment, content: 'b' })).toEqual(NOT_FOUND);
    for (const by of [fan, owner]) {
      expect([await under.remove(comment, by), await under.restore(comment, by)]).toEqual([NOT_FOUND, NOT_FOUND]);
    }
    expect(await under.activity.undoing.unlike({ actor: user(5), object: comment })).toMatchObject(RECORDED);
    await under.restore(photo);
    expect(await under.listing.likes(page)).toEqual(before);
    await under.remove(comment, fan);
    expect((await under.finding.handle({ object: comment, reader: owner.id })).ok).toBe(false);
    expect((await under.finding.handle({ object: comment, reader: fan.id })).ok).toBe(true);
  });

  it('lets the owner of an object delete comments and replies on it, in their writers’ streams, and alone restore them', async () => {
    const photo = await under.activity.post(owner);
    const first = await under.activity.comment(fan, photo);
    const reply = await under.activity.comment(user(3), photo, 'a reply', first.id);
    expect(await under.remove(reply, fan)).toEqual({ ok: false, code: 'NOT_OWNER' });
    for (const { object, writer } of [
      { object: reply, writer: user(3) },
      { object: first, writer: fan },
    ]) {
      const deleted = await under.remove(object);
      const token = expect.stringMatching(new RegExp(`^activity\\.${writer.id}\\.`));
      expect(deleted).toMatchObject({ value: { outcome: 'recorded', token } });
      const data = { actor: writer, target: writer, by: owner, root: photo, root_owner: owner };
      expect((await under.eventsOf(object, writer)).at(-1)).toMatchObject({ data });
      expect(await under.remove(object)).toEqual({
        ok: true,
        value: { ...(deleted.ok && deleted.value), outcome: 'unchanged' },
      });
      expect(await under.finding.handle({ object, reader: writer.id })).toMatchObject({ value: { deletion: {} } });
      expect(await under.readsOf(object, owner)).toEqual(Array(5).fill(NOT_FOUND));
      expect(await under.remove(object, writer)).toMatchObject(UNCHANGED);
      expect(await under.restore(object, writer)).toEqual({ ok: false, code: 'NOT_DELETER' });
    }
    for (const object of [first, reply]) expect(await under.restore(object)).toMatchObject(RECORDED);
    expect((await under.eventsOf(reply, user(3))).at(-1)).toMatchObject({ data: { by: owner } });
    expect((await under.finding.handle({ object: reply, reader: 9 as UserId })).ok).toBe(true);
  });

  it('lets an administrator delete any object, in its owner’s stream, and alone restore it', async () => {
    const object = await under.activity.post(owner);
    const deleted = await under.remove(object, 'admin');
    expect(deleted).toMatchObject({ value: { outcome: 'recorded', token: expect.stringMatching(/^activity\.1\./) } });
    expect((await under.eventsOf(object)).at(-1)).toMatchObject({ data: { actor: owner, target: owner, by: 'admin' } });
    expect(await under.remove(object)).toMatchObject(UNCHANGED);
    expect(await under.restore(object)).toEqual({ ok: false, code: 'NOT_DELETER' });
    expect(await under.restore(object, 'admin')).toMatchObject(RECORDED);
    expect((await under.eventsOf(object)).at(-1).data.by).toBe('admin');
    expect((await under.finding.handle({ object, reader: fan.id })).ok).toBe(true);
  });

  it('lets an administrator delete what its owner has deleted, so that the owner cannot restore it', async () => {
    const object = await under.activity.post(owner);
    await under.remove(object);
    expect(await under.restore(object, 'admin')).toEqual({ ok: false, code: 'NOT_DELETER' });
    expect(await under.remove(object, 'admin')).toMatchObject(RECORDED);
    expect(await under.remove(object, 'admin')).toMatchObject(UNCHANGED);
    expect(await under.restore(object)).toEqual({ ok: false, code: 'NOT_DELETER' });
  });
});
