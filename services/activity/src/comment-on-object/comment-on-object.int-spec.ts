import type { ObjectRef, User, UserId } from '@activity-feed/contracts';
import { EventStore } from '@activity-feed/eventing';
import { ActivityUnderTest } from '../../../../test/harness/activity-under-test';
import { DeleteObjectHandler } from '../delete-object/delete-object.handler';
import { EditObjectHandler } from '../edit-object/edit-object.handler';
import { FindObjectHandler } from '../find-object/find-object.handler';
import { RemoveVersionHandler } from '../remove-version/remove-version.handler';
import { UndoActivityHandler } from '../undo-activity/undo-activity.handler';
import { CommentOnObjectHandler } from './comment-on-object.handler';

const owner: User = { id: 1 as UserId, name: 'owner' };
const fan: User = { id: 2 as UserId, name: 'fan' };

describe('commenting on a real database', () => {
  let activity: ActivityUnderTest;

  beforeAll(async () => {
    activity = await ActivityUnderTest.open();
  });
  afterAll(() => activity?.close());

  /** The data of all events about an object, oldest first. */
  async function eventsOf({ type, id }: ObjectRef) {
    const { rows } = await activity.database.pool.query(
      "SELECT type, data FROM events WHERE data #>> '{object,type}' = $1 AND (data #>> '{object,id}')::bigint = $2 ORDER BY position",
      [type, id],
    );
    return rows as { type: string; data: object }[];
  }

  it('records the comment with what it hangs on, and a reply to a reply under the first level', async () => {
    const photo = await activity.post(owner);
    const first = await activity.comment(fan, photo, 'first');
    const reply = await activity.comment(owner, photo, 'reply', first.id);
    const deeper = await activity.comment(fan, photo, 'deeper', reply.id);
    const common = { root: photo, target: owner };
    expect(await eventsOf(first)).toEqual([
      {
        type: 'activity.comment-posted.v1',
        data: { actor: fan, object: { ...first, content: 'first' }, ...common, thread: null, reply_to: null },
      },
    ]);
    expect(await eventsOf(deeper)).toMatchObject([
      { data: { ...common, thread: first.id, reply_to: { id: reply.id, owner } } },
    ]);
    const { rows } = await activity.database.pool.query(
      'SELECT id, root_type, root_id, thread, reply_to FROM comments ORDER BY id',
    );
    const root = { root_type: 'photo', root_id: photo.id };
    expect(rows).toEqual([
      { id: first.id, ...root, thread: null, reply_to: null },
      { id: reply.id, ...root, thread: first.id, reply_to: first.id },
      { id: deeper.id, ...root, thread: first.id, reply_to: reply.id },
    ]);
  });

  it('makes objects, which carry what they hang on when they are found', async () => {
    const post = await activity.post(owner, 'post');
    const first = await activity.comment(fan, post, 'first');
    const reply = await activity.comment(owner, post, 'reply', first.id);
    const finding = new FindObjectHandler(activity.database.pool);
    const find = async (object: ObjectRef) => {
      const answer = await finding.handle({ object, reader: owner.id });
      return answer.ok && answer.value;
    };
    expect(await find(first)).toMatchObject({
      ...{ object: first, owner: fan, content: 'first', liked: false },
      comment: { root: post, thread: null, replyTo: null, replies: 1 },
    });
    expect(await find(reply)).toMatchObject({
      comment: { root: post, thread: first.id, replyTo: first.id, replies: 0 },
    });
    expect(await find(post)).not.toHaveProperty('comment');
  });

  it('puts what a comment hangs on into all events about it', async () => {
    const photo = await activity.post(owner);
    const comment = await activity.comment(fan, photo, 'a');
    const command = { actor: fan, object: comment };
    await activity.liking.handle(command);
    await new UndoActivityHandler(activity.events, activity.knownObjects).unlike(command);
    await new EditObjectHandler(activity.events, activity.knownObjects).handle({ ...command, content: 'b' });
    await new RemoveVersionHandler(activity.events, activity.knownObjects).handle({ ...command, version: 1 });
    const deleting = new DeleteObjectHandler(activity.events, activity.database.pool, 30);
    await deleting.delete({ by: fan, object: comment });
    await deleting.restore({ by: fan, object: comment });
    const [, ...later] = await eventsOf(comment);
    expect(later.map(({ type }) => type)).toEqual([
      'activity.object-liked.v1',
      'activity.object-unliked.v1',
      'activity.object-edited.v1',
      'activity.object-edited.v1',
      'activity.object-deleted.v1',
      'activity.object-restored.v1',
    ]);
    for (const { data } of later) expect(data).toMatchObject({ root: photo, root_owner: owner });
    await activity.liking.handle({ actor: fan, object: photo });
    expect((await eventsOf(photo)).at(-1)?.data).not.toHaveProperty('root');
  });

  it('refuses a reply to a comment on another object, or to one that does not exist', async () => {
    const [photo, other] = [await activity.post(owner), await activity.post(owner)];
    const elsewhere = await activity.comment(fan, other, 'elsewhere');
    for (const replyTo of [elsewhere.id, 999_999, Number.MAX_SAFE_INTEGER]) {
      const command = { actor: fan, root: photo, content: 'a', replyTo };
      expect(await activity.commenting.handle(command)).toEqual({ ok: false, code: 'REPLY_INVALID' });
    }
  });

  it('refuses an object that is deleted', async () => {
    const photo = await activity.post(owner);
    const deleting = new DeleteObjectHandler(activity.events, activity.database.pool, 30);
    await deleting.delete({ by: owner, object: photo });
    const command = { actor: fan, root: photo, content: 'a' };
    expect(await activity.commenting.handle(command)).toEqual({ ok: false, code: 'OBJECT_NOT_FOUND' });
  });

  it('refuses a reply to a deleted comment, but not to a living reply beside it', async () => {
    const photo = await activity.post(owner);
    const first = await activity.comment(fan, photo);
    const reply = await activity.comment(owner, photo, 'a reply', first.id);
    await activity.deleting.delete({ by: fan, object: first });
    const command = { actor: fan, root: photo, content: 'a' };
    expect(await activity.commenting.handle({ ...command, replyTo: first.id })).toEqual({
      ok: false,
      code: 'REPLY_INVALID',
    });
    const second = await activity.comment(fan, photo, 'a reply to it', reply.id);
    expect((await eventsOf(second)).at(-1)?.data).toMatchObject({ thread: first.id, reply_to: { id: reply.id } });
  });

  it('refuses an object that only Redis knows', async () => {
    await activity.redis.sadd('known-objects', 'post:777');
    const command = { actor: fan, root: { type: 'post', id: 777 }, content: 'a' } as const;
    expect(await activity.commenting.handle(command)).toEqual({ ok: false, code: 'OBJECT_NOT_FOUND' });
  });

  it('records each of many concurrent comments and replies by two instances once', async () => {
    const photo = await activity.post(owner);
    const first = await activity.comment(owner, photo, 'first');
    const { database, knownObjects } = activity;
    const instances = [
      activity.commenting,
      new CommentOnObjectHandler(new EventStore(database.pool, () => undefined), knownObjects),
    ];
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, number) => {
        const actor = { id: (10 + (number % 7)) as UserId, name: `user_${number % 7}` };
        const replyTo = number % 3 ? first.id : undefined;
        return instances[number % 2]?.handle({ actor, root: photo, content: `${number}`, replyTo });
      }),
    );
    const ids = answers.map((answer) => answer?.ok && answer.value.objectId);
    expect(new Set(ids).size).toBe(60);
    const { rows } = await database.pool.query(
      `SELECT content, thread FROM comments JOIN objects USING (id) WHERE type = 'comment' AND comments.id = ANY ($1)`,
      [ids],
    );
    expect(rows.map(({ content }) => Number(content)).sort((a, b) => a - b)).toEqual([...Array(60).keys()]);
    for (const { content, thread } of rows) expect(thread).toBe(Number(content) % 3 ? first.id : null);
  });
});
