import { decodeEvent, goldenMessages, type StoredEvent, type User, type UserId } from '@activity-feed/contracts';
import { endedRequest, noticesOf } from './notices';

const [ivan, nico, eric, olga] = ['ivan', 'nico', 'eric', 'olga'].map((name, place) => ({
  id: (place + 1) as UserId,
  name,
})) as [User, User, User, User];
const mentioning = (...users: User[]) => users.map((user) => ({ user, start: 0, end: 1 }));
const photo = { type: 'photo', id: 21 };

const event = (type: string, data: object): StoredEvent =>
  ({ id: 'an-id', type, stream: ivan.id, version: 1, time: 'a-time', data: { actor: ivan, ...data } }) as never;
const comment = (more: object) =>
  event('activity.comment-posted.v1', {
    ...{ object: { type: 'comment', id: 9, content: 'a' }, root: photo, target: nico, thread: null, reply_to: null },
    ...more,
  });
const concerned = (one: StoredEvent) => noticesOf(one).map(({ userId, verb, actorId }) => [verb, userId, actorId]);

describe('whom an event concerns besides the target of its activity', () => {
  it('is each mentioned user once, but not the actor', () => {
    const mentions = mentioning(eric, ivan, eric, olga);
    const [first, ...others] = noticesOf(event('activity.object-posted.v1', { object: photo, mentions }));
    expect(first).toMatchObject({
      verb: 'mention',
      userId: eric.id,
      objectType: 'photo',
      objectId: 21,
      targetId: null,
    });
    expect(others.map(({ userId }) => userId)).toEqual([olga.id]);
  });

  it('is who is replied to, rather than mentioned, with the comment that it replies to', () => {
    const replied = comment({ reply_to: { id: 4, owner: eric }, mentions: mentioning(eric, olga) });
    expect(concerned(replied)).toEqual([
      ['reply', eric.id, ivan.id],
      ['mention', olga.id, ivan.id],
    ]);
    const root = { rootType: 'photo', rootId: 21, rootOwnerId: nico.id };
    expect(noticesOf(replied)).toMatchObject([
      { objectType: 'comment', objectId: 4, commentId: 9, ...root },
      { objectType: 'comment', objectId: 9, ...root },
    ]);
    expect(concerned(comment({ reply_to: { id: 4, owner: ivan } }))).toEqual([]);
  });

  it('is the owner of the object if mentioned, and otherwise the activity’s target alone', () => {
    expect(concerned(comment({ mentions: mentioning(nico) }))).toEqual([['mention', nico.id, ivan.id]]);
    expect(concerned(comment({}))).toEqual([]);
  });

  it('is of an edit who is to be notified', () => {
    const edited = { object: { ...photo, content: 'a' }, mentions: mentioning(eric, olga), notify: [olga] };
    expect(concerned(event('activity.object-edited.v1', edited))).toEqual([['mention', olga.id, ivan.id]]);
  });

  it('is who is requested, and whose request was accepted', () => {
    expect(concerned(event('social-graph.follow-requested.v1', { target: nico }))).toEqual([['request', 2, 1]]);
    const followed = 'social-graph.user-followed.v1';
    expect(concerned(event(followed, { target: nico, cause: 'accepted' }))).toEqual([['accept', ivan.id, nico.id]]);
    expect(concerned(event(followed, { target: nico }))).toEqual([]);
  });

  it('is nobody of most events', () => {
    const types = goldenMessages.flatMap(({ headers, value }) => {
      const decoded = decodeEvent(headers, value);
      return decoded.kind === 'event' && noticesOf(decoded.event).length > 0 ? decoded.event.type : [];
    });
    expect([...new Set(types)].sort()).toEqual([
      'activity.comment-posted.v1',
      'activity.object-edited.v1',
      'social-graph.follow-requested.v1',
      'social-graph.user-followed.v1',
    ]);
  });

  it('is known for a request that has ended', () => {
    const ended = event('social-graph.follow-request-ended.v1', { target: nico, cause: 'declined' });
    expect(endedRequest(ended)).toEqual({ actorId: ivan.id, targetId: nico.id, time: 'a-time' });
    expect(endedRequest(event('social-graph.follow-requested.v1', { target: nico }))).toBeUndefined();
  });
});
