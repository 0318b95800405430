import { migrate } from '@activity-feed/backend';
import type { ObjectRef, User, UserId } from '@activity-feed/contracts';
import { migrations } from '../../services/activity/src/database/migrations';
import { EditObjectHandler } from '../../services/activity/src/edit-object/edit-object.handler';
import { FindHistoryHandler } from '../../services/activity/src/find-history/find-history.handler';
import { FindObjectHandler } from '../../services/activity/src/find-object/find-object.handler';
import { RemoveVersionHandler } from '../../services/activity/src/remove-version/remove-version.handler';
import { ActivityUnderTest } from '../harness/activity-under-test';
import { createTestDatabase, silent } from '../harness/test-database';

const BEFORE_EDITS = migrations.slice(0, 3);
/** As the version before edits inserts an object. */
const INSERT = `
INSERT INTO objects (type, id, owner_id, owner_name, content, created_at)
VALUES ('post', $1, 1, 'owner', 'first', '2026-01-02T03:04:05.000006Z')`;

const owner: User = { id: 1 as UserId, name: 'owner' };
const time = '2026-01-02T03:04:05.000006+00:00';
const first = { version: 1, content: 'first', time };

describe('objects of the version before edits', () => {
  let activity: ActivityUnderTest;

  beforeAll(async () => {
    const database = await createTestDatabase('postgres', BEFORE_EDITS);
    await database.pool.query(INSERT, [1_000]);
    await migrate(database.url, migrations, silent);
    activity = await ActivityUnderTest.open(database);
    // By an instance that has not been updated yet.
    await database.pool.query(INSERT, [1_001]);
  });
  afterAll(() => activity?.close());

  it.each([
    ['before the migration', 1_000],
    ['after it', 1_001],
  ])('have a history and can be edited when they were posted %s', async (_case, id) => {
    const object: ObjectRef = { type: 'post', id };
    const { events, knownObjects, database } = activity;
    const reading = new FindHistoryHandler(database.pool);
    const history = () => reading.handle({ object, limit: 50 });

    const found = await new FindObjectHandler(database.pool).handle({ object, reader: owner.id });
    expect(found).toMatchObject({ ok: true, value: { content: 'first', createdAt: time, editedAt: null } });
    expect(await history()).toEqual({ ok: true, value: { versions: [first] } });

    await new EditObjectHandler(events, knownObjects).handle({ actor: owner, object, content: 'second' });
    const second = { version: 2, content: 'second', time: expect.any(String) };
    expect(await history()).toEqual({ ok: true, value: { versions: [first, second] } });

    await new RemoveVersionHandler(events, knownObjects).handle({ actor: owner, object, version: 1 });
    expect(await history()).toEqual({ ok: true, value: { versions: [second] } });
  });
});
