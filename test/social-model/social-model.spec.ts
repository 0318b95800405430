import { type Attention, SocialModel } from './social-model';

const UNTIL = '2026-12-29T12:00:00.000000+00:00';

describe('the model of the API', () => {
  let model: SocialModel;

  beforeEach(() => {
    model = new SocialModel();
    model.posted('author', 'photo:1', 'Sunrise');
    model.liked('fan', 'photo:1');
    model.commented('fan', 'photo:1', 'comment:1', 'Where?', undefined);
    model.liked('author', 'comment:1');
    model.shared('fan', 'photo:1');
  });

  const verbs = (actor: string, viewer = actor, attention: Attention = 'asked') =>
    model.feedOf(actor, viewer, attention).map(({ entry: { verb, object_type } }) => `${verb} ${object_type}`);

  it('takes everything about a deleted object out of feeds, and back to its place', () => {
    const before = ['author', 'fan'].map((actor) => verbs(actor));
    expect(before).toEqual([
      ['like comment', 'post photo'],
      ['share photo', 'comment photo', 'like photo'],
    ]);
    model.objects.deleted('photo:1', 'author', UNTIL, 1);
    expect(['author', 'fan'].map((actor) => verbs(actor))).toEqual([[], []]);
    model.objects.restored('photo:1', 2);
    expect(['author', 'fan'].map((actor) => verbs(actor))).toEqual(before);
  });

  it('takes a deleted comment and its likes out of feeds', () => {
    model.objects.deleted('comment:1', 'author', UNTIL, 1);
    expect(['author', 'fan'].map((actor) => verbs(actor))).toEqual([['post photo'], ['share photo', 'like photo']]);
  });

  it('lets whoever has liked a deleted object take that back, and not show it after a restore', () => {
    model.objects.deleted('photo:1', 'author', UNTIL, 1);
    expect(model.answerToLike('author', 'photo:1')).toBe('OBJECT_NOT_FOUND');
    expect(model.answerToUnlike('author', 'photo:1')).toBe('OBJECT_NOT_FOUND');
    expect(model.answerToUnlike('fan', 'photo:1')).toBe('Like removed');
    model.unliked('fan', 'photo:1');
    expect(model.answerToUnlike('fan', 'photo:1')).toBe('OBJECT_NOT_FOUND');
    model.objects.restored('photo:1', 2);
    expect(verbs('fan')).toEqual(['share photo', 'comment photo']);
    expect(model.answerToUnlike('fan', 'photo:1')).toBe('Not liked');
  });

  it('refuses comments on deleted objects, and replies to deleted comments', () => {
    expect(model.answerToComment('fan', 'photo:1', 'comment:1')).toBe('Activity recorded');
    model.objects.deleted('comment:1', 'fan', UNTIL, 1);
    expect(model.answerToComment('fan', 'photo:1', 'comment:1')).toBe('REPLY_INVALID');
    model.objects.deleted('photo:1', 'author', UNTIL, 2);
    expect(model.answerToComment('fan', 'photo:1', undefined)).toBe('OBJECT_NOT_FOUND');
  });

  it('hides what either of two users does and has from the other, but not from others', () => {
    for (const [blocker, blocked] of [
      ['author', 'fan'],
      ['fan', 'author'],
    ] as const) {
      model.hidden.block(blocker, blocked);
      expect([verbs('fan', 'author'), verbs('author', 'fan')]).toEqual([[], []]);
      // A comment is of who wrote it and of who owns the photo.
      expect([verbs('author'), verbs('fan')]).toEqual([['post photo'], []]);
      expect(verbs('fan', 'other')).toEqual(['share photo', 'comment photo', 'like photo']);
      expect(['photo:1', 'comment:1'].map((object) => model.objects.existsFor(object, 'fan'))).toEqual([false, false]);
      expect(model.answerToUnlike('fan', 'photo:1')).toBe('Like removed');
      expect(model.answerToFollow('fan', 'author')).toBe('USER_NOT_FOUND');
      expect(model.objects.answerToDelete('fan', 'comment:1')).toBe('Object deleted');
      expect(model.objects.answerToDelete('fan', 'photo:1')).toBe('OBJECT_NOT_FOUND');
      model.hidden.unblock(blocker, blocked);
    }
  });

  it('hides what muted users do, and what is about something of theirs, where it comes unasked', () => {
    model.hidden.mute('other', 'author', null);
    expect(verbs('fan', 'other', 'unasked')).toEqual([]);
    expect(verbs('fan', 'other', 'asked')).toHaveLength(3);
    model.hidden.unmute('other', 'author', null);
    model.hidden.mute('other', 'fan', 'shares');
    expect(verbs('fan', 'other', 'unasked')).toEqual(['comment photo', 'like photo']);
  });
});
