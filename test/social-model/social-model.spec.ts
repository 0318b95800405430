import { SocialModel } from './social-model';

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

  const verbs = (actor: string) => model.myFeed(actor).map(({ verb, object_type }) => `${verb} ${object_type}`);

  it('takes everything about a deleted object out of feeds, and back to its place', () => {
    const before = ['author', 'fan'].map(verbs);
    expect(before).toEqual([
      ['like comment', 'post photo'],
      ['share photo', 'comment photo', 'like photo'],
    ]);
    model.objects.deleted('photo:1', 'author', UNTIL, 1);
    expect(['author', 'fan'].map(verbs)).toEqual([[], []]);
    model.objects.restored('photo:1', 2);
    expect(['author', 'fan'].map(verbs)).toEqual(before);
  });

  it('takes a deleted comment and its likes out of feeds', () => {
    model.objects.deleted('comment:1', 'author', UNTIL, 1);
    expect(['author', 'fan'].map(verbs)).toEqual([['post photo'], ['share photo', 'like photo']]);
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
    expect(model.answerToComment('photo:1', 'comment:1')).toBe('Activity recorded');
    model.objects.deleted('comment:1', 'fan', UNTIL, 1);
    expect(model.answerToComment('photo:1', 'comment:1')).toBe('REPLY_INVALID');
    model.objects.deleted('photo:1', 'author', UNTIL, 2);
    expect(model.answerToComment('photo:1', undefined)).toBe('OBJECT_NOT_FOUND');
  });
});
