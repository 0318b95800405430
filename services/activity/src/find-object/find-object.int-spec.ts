import { OBJECTS_MAX, type ObjectRef, sqlEventTime, type User, type UserId } from '@activity-feed/contracts';
import { ActivityUnderTest } from '../../../../test/harness/activity-under-test';
import { FindObjectHandler, OBJECTS } from './find-object.handler';

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
    const answered = { object, owner, content, mentions: [], createdAt: rows[0].time, editedAt: null };
    const value = { ...answered, liked: false, shared: false };
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

  it('says who owns objects and what comments hang on, also if they are deleted', async () => {
    const photo = await activity.post(owner);
    const comment = await activity.comment(fan, photo, 'Where?');
    await activity.database.pool.query("UPDATE objects SET deleted_at = now() WHERE type = 'photo' AND id = $1", [
      photo.id,
    ]);
    const objects: ObjectRef[] = [
      comment,
      { type: 'comment', id: 999 },
      photo,
      { type: 'photo', id: comment.id + 500 },
    ];
    const value = [[fan.id, owner.id], null, [owner.id], null];
    expect(await reading.handleOwners({ objects })).toEqual({ ok: true, value });
  });

  it.each([
    ['that nobody has posted', { type: 'photo', id: 999 }],
    ['of another type', { type: 'post', id: 1 }],
    ['with the largest id', { type: 'photo', id: Number.MAX_SAFE_INTEGER }],
  ] as const)('returns OBJECT_NOT_FOUND for an object %s', async (_case, object) => {
    expect(await reading.handle({ object, reader: fan.id })).toEqual({ ok: false, code: 'OBJECT_NOT_FOUND' });
  });

  it('returns several objects as it returns each, in the order of the query', async () => {
    const objects: ObjectRef[] = [];
    for (const type of ['photo', 'post', 'photo', 'post'] as const)
      objects.push(await activity.post(owner, type, type));
    await activity.liking.handle({ actor: fan, object: objects[1] as ObjectRef });
    await activity.share(fan, objects[2] as ObjectRef);
    const unknown: ObjectRef = { type: 'post', id: 999 };
    const wanted = [...objects.toReversed(), unknown, objects[0] as ObjectRef];
    const each = await Promise.all(wanted.map((object) => reading.handle({ object, reader: fan.id })));
    const value = each.map((answer) => (answer.ok ? answer.value : null));
    expect(value.map((found) => found && [found.object, found.liked, found.shared])).toEqual([
      [objects[3], false, false],
      [objects[2], false, true],
      [objects[1], true, false],
      [objects[0], false, false],
      null,
      [objects[0], false, false],
    ]);
    expect(await reading.handleAll({ objects: wanted, reader: fan.id })).toEqual({ ok: true, value });
  });

  it('looks several objects up by their primary keys', async () => {
    const client = await activity.database.pool.connect();
    try {
      // What the planner would choose for tables of these sizes.
      await client.query('BEGIN');
      await client.query(`
INSERT INTO objects (type, id, owner_id, owner_name, content, created_at)
SELECT 'post', id, 1, 'owner', 'a', now() FROM generate_series(10000, 40000) AS id`);
      await client.query(`
INSERT INTO shares (user_id, object_type, object_id, event_id, version, time)
SELECT 2, 'post', id, gen_random_uuid(), id, now() FROM generate_series(10000, 10500) AS id`);
      await client.query('ANALYZE objects, shares');
      const { text } = OBJECTS;
      const ids = Array.from({ length: OBJECTS_MAX }, (_, index) => 10_000 + index);
      const { rows } = await client.query(`EXPLAIN ${text}`, [ids.map(() => 'post'), ids, fan.id]);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toContain('Index Scan using objects_pkey');
      expect(plan).toMatch(/Index Only Scan using likes_/);
      expect(plan).toMatch(/Index Only Scan using shares_/);
      expect(plan).not.toMatch(/Seq Scan|Hash/);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });
});
