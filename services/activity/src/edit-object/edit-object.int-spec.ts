import { type ObjectRef, sqlEventTime, type User, type UserId } from '@activity-feed/contracts';
import { EventStore } from '@activity-feed/eventing';
import { ActivityUnderTest } from '../../../../test/harness/activity-under-test';
import { EditObjectHandler } from './edit-object.handler';

const user = (id: number): User => ({ id: id as UserId, name: `user-${id}` });
const owner = user(1);
describe('editing on a real database', () => {
  let activity: ActivityUnderTest;
  /** Of two instances of the service. */
  let editing: EditObjectHandler[];

  beforeAll(async () => {
    activity = await ActivityUnderTest.open();
    const { database, events, knownObjects } = activity;
    const stores = [events, new EventStore(database.pool, () => undefined)];
    editing = stores.map((store) => new EditObjectHandler(store, knownObjects));
  });
  afterAll(() => activity?.close());

  const posted = (actor = owner) => activity.post(actor, 'photo', 'first');

  const edit = (object: ObjectRef, content: string, actor = owner, instance = 0) =>
    (editing[instance] as EditObjectHandler).handle({ actor, object, content });

  /** Posts and edits of `object` in the log, as versions. */
  async function versionsInLog({ type, id }: ObjectRef) {
    const { rows } = await activity.database.pool.query(
      `SELECT coalesce((data -> 'revision')::int, 1) AS revision, data -> 'object' ->> 'content' AS content,
              ${sqlEventTime('time')} AS time
       FROM events WHERE type IN ('activity.object-posted.v1', 'activity.object-edited.v1')
         AND data -> 'object' ->> 'type' = $1 AND (data -> 'object' ->> 'id')::int = $2 ORDER BY version`,
      [type, id],
    );
    return rows;
  }

  /** All versions of `object` in the tables; the current one is the last. */
  async function versionsInTables({ type, id }: ObjectRef) {
    const { rows } = await activity.database.pool.query(
      `SELECT revision, content, ${sqlEventTime('time')} AS time FROM object_versions
       WHERE object_type = $1 AND object_id = $2
       UNION ALL
       SELECT revision, content, ${sqlEventTime('coalesce(edited_at, created_at)')} FROM objects
       WHERE type = $1 AND id = $2 ORDER BY revision`,
      [type, id],
    );
    return rows;
  }

  it('keeps every version, with the times and revisions of the events', async () => {
    const object = await posted();
    const answers = [await edit(object, 'second'), await edit(object, 'first')];
    const versions = await versionsInTables(object);
    expect(versions.map(({ revision, content }) => [revision, content])).toEqual([
      [1, 'first'],
      [2, 'second'],
      [3, 'first'],
    ]);
    expect(versions).toEqual(await versionsInLog(object));
    expect(answers).toEqual(
      [1, 2].map((place) => ({
        ok: true,
        value: {
          outcome: 'recorded',
          token: expect.stringMatching(/^activity\.1\.\d+$/),
          editedAt: versions[place].time,
        },
      })),
    );
  });

  it('records nothing for equal content, and returns the time of the last edit', async () => {
    const object = await posted();
    expect(await edit(object, 'first')).toMatchObject({ value: { outcome: 'unchanged', editedAt: null } });
    const first = await edit(object, 'second');
    const again = await edit(object, 'second');
    expect(again).toEqual({ ok: true, value: { ...(first.ok && first.value), outcome: 'unchanged' } });
    expect(await versionsInLog(object)).toHaveLength(2);
  });

  it('puts concurrent edits by two instances into a single order, while others like the object', async () => {
    const object = await posted();
    const likes = Array.from({ length: 16 }, (_, index) =>
      activity.liking.handle({ actor: user(100 + index), object }),
    );
    const edits = Array.from({ length: 32 }, (_, index) => edit(object, `edit ${index}`, owner, index % 2));
    for (const answer of await Promise.all([...edits, ...likes])) expect(answer.ok).toBe(true);
    const versions = await versionsInTables(object);
    expect(versions.map(({ revision }) => revision)).toEqual(Array.from({ length: 33 }, (_, index) => index + 1));
    expect(new Set(versions.map(({ content }) => content)).size).toBe(33);
    expect(versions).toEqual(await versionsInLog(object));
    const { rows } = await activity.database.pool.query('SELECT FROM likes WHERE object_type = $1 AND object_id = $2', [
      object.type,
      object.id,
    ]);
    expect(rows).toHaveLength(16);
  });

  it('records one of two equal edits that arrive at once', async () => {
    const object = await posted();
    const answers = await Promise.all([edit(object, 'new', owner, 0), edit(object, 'new', owner, 1)]);
    expect(answers.map((answer) => answer.ok && answer.value.outcome).sort()).toEqual(['recorded', 'unchanged']);
    const [first, second] = answers.map((answer) => answer.ok && answer.value.editedAt);
    expect(first).toBe(second);
  });

  it('edits objects of many owners in one transaction', async () => {
    const owners = Array.from({ length: 20 }, (_, index) => user(200 + index));
    const objects = await Promise.all(owners.map((actor) => posted(actor)));
    await Promise.all(objects.map((object, index) => edit(object, `of ${index}`, owners[index])));
    for (const [index, object] of objects.entries()) {
      const versions = await versionsInTables(object);
      expect(versions.map(({ content }) => content)).toEqual(['first', `of ${index}`]);
    }
    const { rows } = await activity.database.pool.query(
      "SELECT DISTINCT transaction_id FROM events WHERE stream >= 200 AND type = 'activity.object-edited.v1'",
    );
    expect(rows.length).toBeLessThan(20);
  });

  it('refuses anybody but the owner, and an object that only Redis knows', async () => {
    const object = await posted();
    expect(await edit(object, 'mine', user(2))).toEqual({ ok: false, code: 'NOT_OWNER' });
    expect(await versionsInLog(object)).toHaveLength(1);
    await activity.redis.sadd('known-objects', 'post:77');
    expect(await edit({ type: 'post', id: 77 }, 'a')).toEqual({ ok: false, code: 'OBJECT_NOT_FOUND' });
  });
});
