import type { ObjectRef } from '@activity-feed/contracts';
import { OBJECT_EXAMPLE, ObjectAnswer } from './object-answer';
import { objectsOfPage, withObjects } from './objects-of-page';

const photo: ObjectRef = { type: 'photo', id: 21 };
const post: ObjectRef = { type: 'post', id: 21 };
const found = ObjectAnswer.parse({ ...OBJECT_EXAMPLE, content: '"a"}\u{1F44D} é' });

const page = (entries: object[], next_url = '') => JSON.stringify({ my_feed: entries, next_url });
const entry = { actor_name: 'objects', verb: 'like', object_type: 'photo', object_id: 21, target_name: 'objects' };
const follow = { actor_name: 'nico', verb: 'follow', object_type: null, object_id: null, target_name: 'eric' };

describe('the objects of a page', () => {
  it('are those of its entries, each once', () => {
    expect(objectsOfPage(page([entry, follow, { ...entry, object_type: 'post' }, entry]))).toEqual([photo, post]);
    expect(objectsOfPage(page([follow]))).toEqual([]);
    expect(objectsOfPage(page([]))).toEqual([]);
  });

  it('are the comments of its entries too', () => {
    const comment = { ...entry, verb: 'comment', comment_id: 9 };
    expect(objectsOfPage(page([comment, { ...comment, comment_id: 8 }]))).toEqual([
      photo,
      ...[9, 8].map((id) => ({ type: 'comment', id })),
    ]);
  });

  it('are those of its groups', () => {
    const group = { object_type: 'photo', object_ids: [21, 19], count: 5 };
    const follows = { object_type: null, object_ids: [], count: 2 };
    expect(objectsOfPage(page([group, follows, { ...group, object_ids: [19, 17] }]))).toEqual(
      [21, 19, 17].map((id) => ({ type: 'photo', id })),
    );
  });

  it('are the trending objects', () => {
    expect(objectsOfPage(JSON.stringify({ trending: [{ object_type: 'post', object_id: 21, likes: 3 }] }))).toEqual([
      post,
    ]);
  });
});

describe('a page with its objects', () => {
  const parse = (bytes: string) => JSON.parse(Buffer.from(bytes, 'latin1').toString());

  it('has them by name, null for one that no longer exists', () => {
    const with21 = withObjects(page([entry], '/feed/my?cursor=abc'), [photo, post], [found, null]);
    expect(parse(with21)).toEqual({
      my_feed: [entry],
      next_url: '/feed/my?cursor=abc',
      objects: { 'photo:21': found, 'post:21': null },
    });
  });

  it('has an empty field if there are none', () => {
    expect(parse(withObjects(page([]), [], []))).toEqual({ my_feed: [], next_url: '', objects: {} });
  });
});
