import { sqlEventTime, type User, type UserId } from '@activity-feed/contracts';
import { ActivityUnderTest } from '../../../../test/harness/activity-under-test';
import { FindObjectHandler } from './find-object.handler';

const owner: User = { id: 1 as UserId, name: 'owner' };
const fan: User = { id: 2 as UserId, name: 'fan' };

describe('finding an object', () => {
  let activity: ActivityUnderTest;
  let reading: FindObjectHandler;

  beforeAll(async () => {
    activity = await ActivityUnderTest.open();
    reading = new FindObjectHandler(activity.database.pool);
  });
  afterAll(() => activity?.close());

  it('returns content, owner, time, and whether the reader has liked and shared it, immediately', async () => {
    const content = '"quotes" \\ \u{1F44D} 𝄞 é\n\t';
    const object = await activity.post(owner, 'photo', content);
    const { rows } = await activity.database.pool.query(`SELECT ${sqlEventTime('time')} AS time FROM events`);
    const value = { object, owner, content, createdAt: rows[0].time, editedAt: null, liked: false, shared: false };
    const read = (reader: UserId) => reading.handle({ object, reader });
    expect(await read(fan.id)).toEqual({ ok: true, value });

    await activity.liking.handle({ actor: fan, object });
    expect(await read(fan.id)).toEqual({ ok: true, value: { ...value, liked: true } });
    await activity.share(fan, object);
    expect(await read(fan.id)).toEqual({ ok: true, value: { ...value, liked: true, shared: true } });
    expect(await read(owner.id)).toEqual({ ok: true, value });
    await activity.share(owner, object);
    expect(await read(owner.id)).toEqual({ ok: true, value: { ...value, shared: true } });
  });

  it.each([
    ['that nobody has posted', { type: 'photo', id: 999 }],
    ['of another type', { type: 'post', id: 1 }],
    ['with the largest id', { type: 'photo', id: Number.MAX_SAFE_INTEGER }],
  ] as const)('returns OBJECT_NOT_FOUND for an object %s', async (_case, object) => {
    expect(await reading.handle({ object, reader: fan.id })).toEqual({ ok: false, code: 'OBJECT_NOT_FOUND' });
  });
});
