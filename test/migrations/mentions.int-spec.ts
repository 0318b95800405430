import { migrate } from '@activity-feed/backend';
import type { Mention, ObjectRef, User, UserId } from '@activity-feed/contracts';
import { migrations } from '../../services/activity/src/database/migrations';
import { Mentions1700000000007 } from '../../services/activity/src/database/migrations/1700000000007-mentions';
import { EditObjectHandler } from '../../services/activity/src/edit-object/edit-object.handler';
import { FindObjectHandler } from '../../services/activity/src/find-object/find-object.handler';
import { ActivityUnderTest } from '../harness/activity-under-test';
import { createTestDatabase, silent } from '../harness/test-database';

const BEFORE = migrations.slice(0, migrations.indexOf(Mentions1700000000007));
/** As the version before mentions inserts an object. */
const INSERT = `
INSERT INTO objects (type, id, owner_id, owner_name, content, created_at) VALUES ('post', $1, 1, 'owner', '@ivan', now())`;
/** As the version before mentions edits an object. */
const EDIT = `
WITH replaced AS (
  INSERT INTO object_versions (object_type, object_id, revision, content, time)
  SELECT type, id, revision, content, coalesce(edited_at, created_at) FROM objects WHERE type = 'post' AND id = $1
)
UPDATE objects SET content = $2, revision = revision + 1, edited_at = now() WHERE type = 'post' AND id = $1`;

const user = (id: number, name: string): User => ({ id: id as UserId, name });
const [owner, ivan] = [user(1, 'owner'), user(2, 'ivan')];
const mentions: Mention[] = [{ user: ivan, start: 0, end: 5 }];

describe('objects of the version before mentions', () => {
  let activity: ActivityUnderTest;

  beforeAll(async () => {
    const database = await createTestDatabase('postgres', BEFORE);
    await database.pool.query(INSERT, [1_000]);
    await database.pool.query(INSERT, [1_001]);
    await database.pool.query(EDIT, [1_001, '@ivan again']);
    await migrate(database.url, migrations, silent);
    // By an instance that has not been updated yet.
    await database.pool.query(INSERT, [1_002]);
    activity = await ActivityUnderTest.open(database);
  });
  afterAll(() => activity?.close());

  async function mentionsOf(object: ObjectRef) {
    const found = await new FindObjectHandler(activity.database.pool).handle({ object, reader: owner.id });
    return found.ok && found.value.mentions;
  }
  const edit = (object: ObjectRef, content: string) =>
    new EditObjectHandler(activity.events, activity.knownObjects).handle({ actor: owner, object, content, mentions });

  it.each([
    ['posted before the migration', 1_000],
    ['edited before it', 1_001],
    ['posted after it', 1_002],
  ])('have no mentions until they are edited when they were %s', async (_case, id) => {
    const object: ObjectRef = { type: 'post', id };
    expect(await mentionsOf(object)).toEqual([]);
    await edit(object, '@ivan, look');
    expect(await mentionsOf(object)).toEqual(mentions);
  });

  it('have none of the mentions that an edit by the previous version has replaced', async () => {
    const answer = await activity.posting.handle({ actor: owner, type: 'post', content: '@ivan', mentions });
    const object: ObjectRef = { type: 'post', id: answer.ok ? answer.value.objectId : 0 };
    await activity.database.pool.query(EDIT, [object.id, 'nobody']);
    expect(await mentionsOf(object)).toEqual([]);
    await activity.database.pool.query(EDIT, [object.id, 'still nobody']);
    await edit(object, '@ivan, again');
    expect(await mentionsOf(object)).toEqual(mentions);
    const { rows } = await activity.database.pool.query(
      "SELECT mentions FROM object_versions WHERE object_type = 'post' AND object_id = $1 AND revision > 1",
      [object.id],
    );
    expect(rows).toEqual([{ mentions: null }, { mentions: null }]);
  });
});
