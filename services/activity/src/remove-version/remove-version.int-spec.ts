import type { ObjectRef, User, UserId } from '@activity-feed/contracts';
import { EventStore } from '@activity-feed/eventing';
import { ActivityUnderTest } from '../../../../test/harness/activity-under-test';
import { EditObjectHandler } from '../edit-object/edit-object.handler';
import { FindHistoryHandler } from '../find-history/find-history.handler';
import { FindObjectHandler } from '../find-object/find-object.handler';
import { RemoveVersionHandler } from './remove-version.handler';

const owner: User = { id: 1 as UserId, name: 'owner' };
const other: User = { id: 2 as UserId, name: 'other' };

describe('removing versions on a real database', () => {
  let activity: ActivityUnderTest;
  let reading: FindHistoryHandler;
  /** Of two instances of the service. */
  let editing: EditObjectHandler[];
  let removing: RemoveVersionHandler[];

  beforeAll(async () => {
    activity = await ActivityUnderTest.open();
    const { database, events, knownObjects } = activity;
    const stores = [events, new EventStore(database.pool, () => undefined)];
    editing = stores.map((store) => new EditObjectHandler(store, knownObjects));
    removing = stores.map((store) => new RemoveVersionHandler(store, knownObjects));
    reading = new FindHistoryHandler(database.pool);
  });
  afterAll(() => activity?.close());

  /** A photo with `versions` versions, whose contents are their numbers. */
  async function photo(versions: number): Promise<ObjectRef> {
    const object = await activity.post(owner, 'photo', '1');
    for (let version = 2; version <= versions; version++) await edit(object, `${version}`);
    return object;
  }

  const edit = (object: ObjectRef, content: string, instance = 0) =>
    (editing[instance] as EditObjectHandler).handle({ actor: owner, object, content });
  const remove = (object: ObjectRef, version: number, actor = owner, instance = 0) =>
    (removing[instance] as RemoveVersionHandler).handle({ actor, object, version });

  async function history(object: ObjectRef) {
    const answer = await reading.handle({ object, limit: 200 });
    if (!answer.ok) throw new Error(answer.code);
    return answer.value.versions;
  }
  const numbers = async (object: ObjectRef) => (await history(object)).map(({ version }) => version);

  /** The data of the object's edit events, in their order. */
  async function edits({ type, id }: ObjectRef) {
    const { rows } = await activity.database.pool.query(
      `SELECT data FROM events WHERE type = 'activity.object-edited.v1'
         AND data -> 'object' ->> 'type' = $1 AND (data -> 'object' ->> 'id')::int = $2 ORDER BY version`,
      [type, id],
    );
    return rows.map(({ data }) => data);
  }

  it('takes the version out of the history, and keeps the numbers and times of the others', async () => {
    const object = await photo(4);
    const before = await history(object);
    expect(await remove(object, 2)).toMatchObject({ ok: true, value: { outcome: 'recorded' } });
    expect(await history(object)).toEqual(before.filter(({ version }) => version !== 2));
    await edit(object, '5');
    expect(await numbers(object)).toEqual([1, 3, 4, 5]);
  });

  it('leaves the current version and the time of the last edit', async () => {
    const object = await photo(2);
    const find = () => new FindObjectHandler(activity.database.pool).handle({ object, reader: owner.id });
    const before = await find();
    await remove(object, 1);
    expect(await find()).toEqual(before);
    expect((await edits(object)).at(-1)).toEqual({
      actor: owner,
      object: { ...object, content: '2' },
      revision: 2,
      removed: [1],
    });
  });

  it('leaves the removed text in no table but the log', async () => {
    const object = await photo(1);
    await edit(object, 'a secret');
    await edit(object, 'no secret');
    await remove(object, 2);
    const { rows } = await activity.database.pool.query(
      "SELECT FROM object_versions WHERE content = 'a secret' UNION ALL SELECT FROM objects WHERE content = 'a secret'",
    );
    expect(rows).toEqual([]);
  });

  it('changes nothing the second time, and returns the token of the first removal', async () => {
    const object = await photo(3);
    const first = await remove(object, 1);
    expect(await remove(object, 1)).toEqual({
      ok: true,
      value: { ...(first.ok && first.value), outcome: 'unchanged' },
    });
    expect(await edits(object)).toHaveLength(3);
  });

  it('puts concurrent removals and edits by two instances into a single order', async () => {
    const object = await photo(10);
    const removals = Array.from({ length: 18 }, (_, index) => remove(object, 1 + (index >> 1), owner, index % 2));
    const changes = Array.from({ length: 10 }, (_, index) => edit(object, `${11 + index} or so`, index % 2));
    const [removed] = await Promise.all([Promise.all(removals), Promise.all(changes)]);
    const outcomes = removed.map((answer) => answer.ok && answer.value.outcome);
    expect(outcomes.filter((outcome) => outcome === 'recorded')).toHaveLength(9);
    expect(outcomes.filter((outcome) => outcome === 'unchanged')).toHaveLength(9);
    expect(await numbers(object)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);

    // What a consumer keeps that stores the versions of the events and deletes the removed ones.
    const kept = new Map<number, string>([[1, '1']]);
    for (const { object: edited, revision, removed: gone = [] } of await edits(object)) {
      kept.set(revision, edited.content);
      for (const version of gone) kept.delete(version);
    }
    expect([...kept].sort(([a], [b]) => a - b)).toEqual(
      (await history(object)).map(({ version, content }) => [version, content]),
    );
  });

  it('refuses the current version, one that never existed, and anybody but the owner', async () => {
    const object = await photo(2);
    expect(await remove(object, 2)).toEqual({ ok: false, code: 'VERSION_CURRENT' });
    for (const version of [0, 3, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
      expect(await remove(object, version)).toEqual({ ok: false, code: 'VERSION_NOT_FOUND' });
    }
    expect(await remove(object, 1, other)).toEqual({ ok: false, code: 'NOT_OWNER' });
    expect(await remove({ type: 'post', id: 999 }, 1)).toEqual({ ok: false, code: 'OBJECT_NOT_FOUND' });
    expect(await numbers(object)).toEqual([1, 2]);
  });
});
