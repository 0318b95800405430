import type { EventTime, ObjectRef, User, UserId } from '@activity-feed/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type MadeUp, visibilityOf } from '../../../../test/harness/made-up-visibility';
import { ApiError } from '../error-answers/api-error';
import type { FeedReads } from '../read-feed/feed-reads';
import { ObjectReads } from '../read-objects/object-reads';
import type { Services } from '../services/services';
import { ObjectsController } from './objects.controller';

const time = '2019-02-10T12:01:30.894037+00:00' as EventTime;
const user: User = { id: 1 as UserId, name: 'ivan' };
const object: ObjectRef = { type: 'photo', id: 21 };
const found = {
  object,
  owner: { id: 3 as UserId, name: 'eric' },
  content: 'Sunrise, @ivan',
  mentions: [{ user, start: 9, end: 14 }],
  createdAt: time,
  editedAt: null,
  liked: true,
  shared: false,
};
const reply = {} as FastifyReply;
const never = () => new Promise<never>(() => undefined);

const requestOf = (query = {}, headers = {}) =>
  ({ user, key: 'abc123', query, headers }) as Partial<FastifyRequest> as FastifyRequest;

/** A controller with mocked services. */
function controller(
  { ask = async (): Promise<unknown> => found, read = async () => '{"likes":12,"shares":2}' } = {},
  madeUp: MadeUp = {},
) {
  const visible = visibilityOf(madeUp);
  const services = { ask: jest.fn(ask) };
  const feed = { read: jest.fn(read) };
  const reads = new ObjectReads(services as unknown as Services, feed as unknown as FeedReads, visible.objects);
  const objects = new ObjectsController(services as unknown as Services, reads, visible.lists);
  return { objects, services, feed };
}

const answer = {
  object_type: 'photo',
  object_id: 21,
  owner_name: 'eric',
  content: 'Sunrise, @ivan',
  mentions: [{ name: 'ivan', start: 9, end: 14 }],
  created_at: time,
  edited_at: null,
  likes: 12,
  shares: 2,
  liked: true,
  shared: false,
};

describe('GET /objects/:object', () => {
  it('combines the answers of activity and the feed', async () => {
    const { objects, services, feed } = controller();
    expect(await objects.object('photo:21', requestOf(), reply)).toEqual(answer);
    expect(services.ask.mock.calls).toEqual([[{ pattern: 'activity.find-object' }, { object, reader: 1 }]]);
    expect(feed.read.mock.calls).toEqual([['engagement', { object }, expect.anything(), reply]]);
  });

  it('has no mentions when an older activity sends none', async () => {
    const { mentions: _, ...older } = found;
    const { objects } = controller({ ask: async () => older });
    expect(await objects.object('photo:21', requestOf(), reply)).toMatchObject({ mentions: [] });
  });

  it('shows no counts of a deleted object, whatever the feed still has, and does not wait for it', async () => {
    const deletion = { deletedAt: time, restorableUntil: time };
    const ask = async () => ({ ...found, deletion });
    const deleted = { ...answer, likes: 0, shares: 0, comments: 0, deleted_at: time, restorable_until: time };
    for (const read of [never, async () => '{"likes":12,"shares":2,"comments":3}']) {
      expect(await controller({ ask, read }).objects.object('photo:21', requestOf(), reply)).toEqual(deleted);
    }
  });

  it('says that its owner is muted, and is not found if an owner is hidden', async () => {
    const owners = { 'photo:21': [3, 4] };
    const read = (madeUp: MadeUp) =>
      controller({}, { owners, ...madeUp }).objects.object('photo:21', requestOf(), reply);
    expect(await read({ muted: [3] })).toEqual({ ...answer, muted: true });
    expect(await read({ muted: [4], sharesMuted: [3] })).toEqual(answer);
    for (const hidden of [3, 4]) {
      await expect(read({ hidden: [hidden] })).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    }
  });

  it('answers OBJECT_NOT_FOUND without waiting for the feed', async () => {
    const ask = () => Promise.reject(new ApiError('OBJECT_NOT_FOUND'));
    const { objects } = controller({ ask, read: never });
    await expect(objects.object('photo:21', requestOf(), reply)).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
  });

  it('answers with the code of an error from the feed', async () => {
    const error = new ApiError('CONSISTENCY_TOKEN_INVALID');
    const notFound = () => Promise.reject(new ApiError('OBJECT_NOT_FOUND'));
    for (const ask of [never, notFound]) {
      const { objects } = controller({ ask, read: () => Promise.reject(error) }, { error });
      await expect(objects.object('photo:21', requestOf(), reply)).rejects.toBe(error);
    }
  });

  it('calls no service for an invalid object name', async () => {
    const { objects, services, feed } = controller();
    await expect(objects.object('photo', requestOf(), reply)).rejects.toMatchObject({ code: 'OBJECT_FORMAT_INVALID' });
    await expect(objects.object('photo:0', requestOf(), reply)).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    expect([services.ask.mock.calls, feed.read.mock.calls]).toEqual([[], []]);
  });
});

describe('GET /objects', () => {
  const post: ObjectRef = { type: 'post', id: 3 };

  it('asks activity and the feed once, and leaves out what does not exist', async () => {
    const counts = [
      { likes: 0, shares: 0 },
      { likes: 12, shares: 2 },
    ];
    const ask = async () => [null, found];
    const { objects, services, feed } = controller({ ask, read: async () => JSON.stringify(counts) });
    const names = { names: 'post:3,video:1,photo:21,post:3' };
    expect(await objects.objects(requestOf(names), reply)).toEqual({ objects: [answer] });
    const asked = [post, object];
    expect(services.ask.mock.calls).toEqual([[{ pattern: 'activity.find-objects' }, { objects: asked, reader: 1 }]]);
    expect(feed.read.mock.calls).toEqual([['engagements', { objects: asked }, expect.anything(), reply, undefined]]);
  });

  it('leaves out hidden objects', async () => {
    const madeUp = { owners: { 'post:3': [8] }, hidden: [8] };
    const read = async () => '[{"likes":0,"shares":0},{"likes":12,"shares":2}]';
    const { objects } = controller({ ask: async () => [{ ...found, object: post }, found], read }, madeUp);
    expect(await objects.objects(requestOf({ names: 'post:3,photo:21' }), reply)).toEqual({ objects: [answer] });
  });

  it('calls no service for names that no object can have', async () => {
    const { objects } = controller({ ask: never, read: never });
    expect(await objects.objects(requestOf({ names: 'video:1,photo:0' }), reply)).toEqual({ objects: [] });
  });

  it.each([
    [{}, {}, 'OBJECT_NAMES_INVALID'],
    [{ names: 'photo:21,photo' }, {}, 'OBJECT_FORMAT_INVALID'],
    [{ names: 'video:1' }, { 'consistency-token': 'nonsense' }, 'CONSISTENCY_TOKEN_INVALID'],
  ])('refuses %j %j', async (query, headers, code) => {
    const { objects, services, feed } = controller();
    await expect(objects.objects(requestOf(query, headers), reply)).rejects.toMatchObject({ code });
    expect([services.ask.mock.calls, feed.read.mock.calls]).toEqual([[], []]);
  });

  it.each(['activity', 'feed'])('answers 503 without %s', async (service) => {
    const down = () => Promise.reject(new ApiError('SERVICE_UNAVAILABLE'));
    const { objects } = controller(service === 'feed' ? { read: down } : { ask: down });
    const request = requestOf({ names: 'photo:21' });
    await expect(objects.objects(request, reply)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});

describe.each(['likes', 'shares'] as const)('GET /objects/:object/%s', (list) => {
  const entries = [
    { user_name: 'nico', time },
    { user_name: 'olga', time },
  ];
  const listed = entries.map((entry, place) => ({ ...entry, user_id: place + 2, cursor: `after ${place}` }));

  it('returns the URL of the next page with the same limit', async () => {
    const { objects, services } = controller({ ask: async () => ({ [list]: listed, next: 'abc' }) });
    const query = { limit: '1', cursor: 'xyz', group: 'day' };
    expect(await objects[list]('photo:021', requestOf(query), reply)).toEqual({
      [list]: entries.slice(0, 1),
      next_url: `/objects/photo:21/${list}?limit=1&cursor=after 0`,
    });
    expect(services.ask.mock.calls).toEqual([
      [{ pattern: `activity.find-${list}` }, { object, reader: 1, limit: 2, cursor: 'xyz', identified: true }],
    ]);
  });

  it('returns an empty next_url on the last page', async () => {
    const { objects } = controller({ ask: async () => ({ [list]: listed }) });
    expect(await objects[list]('photo:21', requestOf(), reply)).toEqual({ [list]: entries, next_url: '' });
  });

  it('leaves out hidden users, marks muted ones, and is not found for a hidden object', async () => {
    const ask = async () => ({ [list]: listed });
    const seen = async (madeUp: MadeUp) =>
      ((await controller({ ask }, madeUp).objects[list]('photo:21', requestOf(), reply)) as Record<string, unknown>)[
        list
      ];
    expect(await seen({ hidden: [2] })).toEqual([entries[1]]);
    expect(await seen({ muted: [3] })).toEqual([entries[0], { ...entries[1], muted: true }]);
    const sharesMuted = list === 'shares' ? [{ ...entries[0], muted: true }, entries[1]] : entries;
    expect(await seen({ sharesMuted: [2] })).toEqual(sharesMuted);
    const hiddenOwner = seen({ owners: { 'photo:21': [4] }, hidden: [4] });
    await expect(hiddenOwner).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
  });

  it.each([
    ['photo', {}, {}, 'OBJECT_FORMAT_INVALID'],
    ['photo:0', {}, {}, 'OBJECT_NOT_FOUND'],
    ['photo:21', { limit: '201' }, {}, 'LIMIT_INVALID'],
    ['photo:21', { cursor: ['a', 'b'] }, {}, 'CURSOR_INVALID'],
    ['photo:21', {}, { 'consistency-token': 'nonsense' }, 'CONSISTENCY_TOKEN_INVALID'],
  ])('refuses %s %j %j', async (name, query, headers, code) => {
    const { objects, services } = controller();
    await expect(objects[list](name, requestOf(query, headers), reply)).rejects.toMatchObject({ code });
    expect(services.ask).not.toHaveBeenCalled();
  });
});
