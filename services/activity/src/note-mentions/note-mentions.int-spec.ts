import type { Mention, ObjectRef, User, UserId } from '@activity-feed/contracts';
import { ActivityUnderTest } from '../../../../test/harness/activity-under-test';
import { EditObjectHandler } from '../edit-object/edit-object.handler';
import { FindObjectHandler } from '../find-object/find-object.handler';
import { RemoveVersionHandler } from '../remove-version/remove-version.handler';

const user = (id: number): User => ({ id: id as UserId, name: `user-${id}` });
const [owner, ivan, eric] = [user(1), user(2), user(3)] as [User, User, User];

/** A content of mentions only, with them. */
function mentioning(...users: User[]): { content: string; mentions: Mention[] } {
  const mentions: Mention[] = [];
  let content = '';
  for (const mentioned of users) {
    const start = content.length;
    content += `@${mentioned.name} `;
    mentions.push({ user: mentioned, start, end: content.length - 1 });
  }
  return { content, mentions };
}

describe('mentions on a real database', () => {
  let activity: ActivityUnderTest;
  let editing: EditObjectHandler;
  let removing: RemoveVersionHandler;

  beforeAll(async () => {
    activity = await ActivityUnderTest.open();
    editing = new EditObjectHandler(activity.events, activity.knownObjects);
    removing = new RemoveVersionHandler(activity.events, activity.knownObjects);
  });
  afterAll(() => activity?.close());

  async function posted(actor: User, ...users: User[]): Promise<ObjectRef> {
    const answer = await activity.posting.handle({ actor, type: 'photo', ...mentioning(...users) });
    if (!answer.ok) throw new Error(answer.code);
    return { type: 'photo', id: answer.value.objectId };
  }

  const edit = (object: ObjectRef, text: { content: string; mentions?: Mention[] }, actor = owner) =>
    editing.handle({ actor, object, ...text });

  async function mentionsOf(object: ObjectRef) {
    const found = await new FindObjectHandler(activity.database.pool).handle({ object, reader: owner.id });
    return found.ok && found.value.mentions;
  }

  /** Mentions and notified users of the object's events, in their order. */
  async function inLog({ type, id }: ObjectRef) {
    const { rows } = await activity.database.pool.query(
      `SELECT data -> 'mentions' AS mentions, data -> 'notify' AS notify FROM events
       WHERE data -> 'object' ->> 'type' = $1 AND (data -> 'object' ->> 'id')::int = $2 ORDER BY version`,
      [type, id],
    );
    return rows;
  }

  it('are those of the current version, and those of an earlier one stay with it', async () => {
    const object = await posted(owner, ivan, ivan);
    expect(await mentionsOf(object)).toEqual(mentioning(ivan, ivan).mentions);
    await edit(object, mentioning(eric));
    expect(await mentionsOf(object)).toEqual(mentioning(eric).mentions);
    await edit(object, { content: 'nobody' });
    expect(await mentionsOf(object)).toEqual([]);
    const { rows } = await activity.database.pool.query(
      'SELECT mentions FROM object_versions WHERE object_type = $1 AND object_id = $2 ORDER BY revision',
      [object.type, object.id],
    );
    expect(rows.map(({ mentions }) => mentions)).toEqual(
      [mentioning(ivan, ivan), mentioning(eric)].map((v) => v.mentions),
    );
  });

  it('notify a user once per object, also after the version that did was removed', async () => {
    const object = await posted(owner, ivan);
    await edit(object, mentioning(eric, ivan, owner, eric));
    await edit(object, { content: 'nobody' });
    await removing.handle({ actor: owner, object, version: 2 });
    await edit(object, mentioning(eric, user(4)));
    expect(await inLog(object)).toEqual([
      { mentions: mentioning(ivan).mentions, notify: null },
      { mentions: mentioning(eric, ivan, owner, eric).mentions, notify: [eric] },
      { mentions: null, notify: null },
      { mentions: null, notify: null },
      { mentions: mentioning(eric, user(4)).mentions, notify: [user(4)] },
    ]);
    const other = await posted(owner);
    await edit(other, mentioning(eric));
    expect((await inLog(other)).at(-1)).toMatchObject({ notify: [eric] });
  });

  it('stay when an earlier version is removed, and its event repeats them', async () => {
    const object = await posted(owner, ivan);
    await edit(object, mentioning(eric));
    await removing.handle({ actor: owner, object, version: 1 });
    expect(await mentionsOf(object)).toEqual(mentioning(eric).mentions);
    expect((await inLog(object)).at(-1)).toEqual({ mentions: mentioning(eric).mentions, notify: null });
  });

  it('stay when the content is the same but its names mean somebody else', async () => {
    const { content, mentions } = mentioning(ivan);
    const object = await posted(owner, ivan);
    const again = await edit(object, { content, mentions: [{ ...(mentions[0] as Mention), user: eric }] });
    expect(again).toMatchObject({ value: { outcome: 'unchanged' } });
    expect(await mentionsOf(object)).toEqual(mentions);
    await edit(object, mentioning(eric));
    expect((await inLog(object)).at(-1)).toMatchObject({ notify: [eric] });
  });

  it('are each object’s own when many are posted and edited in one transaction', async () => {
    const owners = Array.from({ length: 20 }, (_, index) => user(100 + index));
    const objects = await Promise.all(owners.map((actor, index) => posted(actor, ...(index % 2 ? [ivan] : []))));
    await Promise.all(objects.map((object, index) => edit(object, mentioning(ivan, eric), owners[index])));
    for (const [index, object] of objects.entries()) {
      expect((await inLog(object)).at(-1)).toMatchObject({ notify: index % 2 ? [eric] : [ivan, eric] });
    }
    const { rows } = await activity.database.pool.query(
      'SELECT DISTINCT transaction_id FROM events WHERE stream >= 100',
    );
    expect(rows.length).toBeLessThan(40);
  });
});
