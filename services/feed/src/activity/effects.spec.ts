import { decodeEvent, goldenMessages, type StoredEvent } from '@activity-feed/contracts';
import { effectsOf } from './effects';

const golden = (type: string, about = 'photo'): StoredEvent => {
  const message = goldenMessages.find(
    ({ headers, value }) => headers.ce_type === type && (about === 'photo' || JSON.parse(value).object.type === about),
  );
  const decoded = decodeEvent(message?.headers ?? {}, message?.value ?? null);
  if (decoded.kind !== 'event') throw new Error(`no golden example of ${type}`);
  return decoded.event;
};

describe('effectsOf', () => {
  it('returns a name and no activity for a registration', () => {
    const { users, activity, follow } = effectsOf(golden('social-graph.user-registered.v1'));
    expect({ users, activity, follow }).toEqual({
      users: [{ id: 1, name: 'ivan' }],
      activity: undefined,
      follow: undefined,
    });
  });

  it('returns only the user and the version of the stream for an edit', () => {
    const { users, activity, follow, version } = effectsOf(golden('activity.object-edited.v1'));
    expect({ users, activity, follow, version }).toEqual({
      users: [{ id: 2, name: 'nico' }],
      activity: undefined,
      follow: undefined,
      version: 2,
    });
  });

  it.each([
    ['followed', true],
    ['unfollowed', false],
  ])('returns an edge with the version of the stream for a user %s', (verb, following) => {
    const event = golden(`social-graph.user-${verb}.v1`);
    const { follow, version } = effectsOf(event);
    expect(follow).toEqual({ followerId: 3, followeeId: 1, following, version, time: event.time });
  });

  it.each(['liked', 'shared'])('names the owner of an object %s as the target', (verb) => {
    expect(effectsOf(golden(`activity.object-${verb}.v1`)).activity).toMatchObject({
      actorId: 1,
      objectType: 'photo',
      objectId: 21,
      targetId: 2,
    });
  });

  it('is about what a comment comments on, and has the comment beside it', () => {
    expect(effectsOf(golden('activity.comment-posted.v1')).activity).toMatchObject({
      actorId: 3,
      verb: 'comment',
      objectType: 'photo',
      objectId: 21,
      targetId: 2,
      commentId: 9,
    });
  });

  it('has what a comment hangs on beside an activity about the comment', () => {
    const { activity } = effectsOf(golden('activity.object-liked.v1', 'comment'));
    expect(activity).toMatchObject({ objectType: 'comment', objectId: 9, targetId: 3 });
    expect(activity).toMatchObject({ rootType: 'photo', rootId: 21, rootOwnerId: 2 });
    expect(activity).not.toHaveProperty('commentId');
  });

  it.each([
    ['unliked', 'like', ['2019-02-10T12:02:40.777001+00:00', '2019-02-10T12:02:40.777001+00:00']],
    ['unshared', 'share', ['2019-02-10T12:03:01.404040+00:00', '2019-02-10T12:03:01.404040+00:00']],
  ])('returns the activities that an object %s takes back, and no activity', (name, verb, [from, to]) => {
    const { activity, takenBack } = effectsOf(golden(`activity.object-${name}.v1`));
    expect(activity).toBeUndefined();
    expect(takenBack).toEqual({ actorId: 1, verb, objectType: 'photo', objectId: 21, from, to });
  });

  it.each([
    ['deleted', true, 3],
    ['restored', false, 4],
  ])('returns the state of an object %s, and no activity', (name, deleted, version) => {
    const { activity, objectState } = effectsOf(golden(`activity.object-${name}.v1`));
    expect(activity).toBeUndefined();
    const createdAt = '2019-02-10T12:01:30.894037+00:00';
    expect(objectState).toEqual({ objectType: 'photo', objectId: 21, deleted, version, createdAt });
  });

  it('returns the state without the time of creation for a deletion that does not have it', () => {
    const { objectState } = effectsOf(golden('activity.object-deleted.v1', 'comment'));
    expect(objectState).toEqual({ objectType: 'comment', objectId: 8, deleted: true, version: 6 });
  });
});
