import type { EventTime, ObjectRef, User, UserId } from '@activity-feed/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../error-answers/api-error';
import type { FeedReads } from '../feeds/feed-reads';
import type { Services } from '../services/services';
import { ObjectsController } from './objects.controller';

const time = '2019-02-10T12:01:30.894037+00:00' as EventTime;
const user: User = { id: 1 as UserId, name: 'ivan' };
const object: ObjectRef = { type: 'photo', id: 21 };
const found = {
  object,
  owner: { id: 3 as UserId, name: 'eric' },
  content: 'Sunrise',
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
function controller({ ask = async (): Promise<unknown> => found, read = async () => '{"likes":12,"shares":2}' } = {}) {
  const services = { ask: jest.fn(ask) };
  const feed = { read: jest.fn(read) };
  const objects = new ObjectsController(services as unknown as Services, feed as unknown as FeedReads);
  return { objects, services, feed };
}

describe('GET /objects/:object', () => {
  it('combines the answers of activity and the feed', async () => {
    const { objects, services, feed } = controller();
    expect(await objects.object('photo:21', requestOf(), reply)).toEqual({
      object_type: 'photo',
      object_id: 21,
      owner_name: 'eric',
      content: 'Sunrise',
      created_at: time,
      edited_at: null,
      likes: 12,
      shares: 2,
      liked: true,
      shared: false,
    });
    expect(services.ask.mock.calls).toEqual([[{ pattern: 'activity.find-object' }, { object, reader: 1 }]]);
    expect(feed.read.mock.calls).toEqual([['engagement', { object }, expect.anything(), reply]]);
  });

  it('answers OBJECT_NOT_FOUND without waiting for the feed', async () => {
    const ask = () => Promise.reject(new ApiError('OBJECT_NOT_FOUND'));
    const { objects } = controller({ ask, read: never });
    await expect(objects.object('photo:21', requestOf(), reply)).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
  });

  it('answers with the code of an error from the feed', async () => {
    const read = () => Promise.reject(new ApiError('CONSISTENCY_TOKEN_INVALID'));
    const { objects } = controller({ ask: never, read });
    await expect(objects.object('photo:21', requestOf(), reply)).rejects.toMatchObject({
      code: 'CONSISTENCY_TOKEN_INVALID',
    });
  });

  it('calls no service for an invalid object name', async () => {
    const { objects, services, feed } = controller();
    await expect(objects.object('photo', requestOf(), reply)).rejects.toMatchObject({ code: 'OBJECT_FORMAT_INVALID' });
    await expect(objects.object('photo:0', requestOf(), reply)).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    expect([services.ask.mock.calls, feed.read.mock.calls]).toEqual([[], []]);
  });
});

describe.each(['likes', 'shares'] as const)('GET /objects/:object/%s', (list) => {
  const entries = [{ user_name: 'nico', time }];

  it('returns the URL of the next page with the same limit', async () => {
    const { objects, services } = controller({ ask: async () => ({ [list]: entries, next: 'abc' }) });
    const query = { limit: '1', cursor: 'xyz', group: 'day' };
    expect(await objects[list]('photo:021', requestOf(query))).toEqual({
      [list]: entries,
      next_url: `/objects/photo:21/${list}?limit=1&cursor=abc`,
    });
    expect(services.ask.mock.calls).toEqual([
      [{ pattern: `activity.find-${list}` }, { object, limit: 1, cursor: 'xyz' }],
    ]);
  });

  it('returns an empty next_url on the last page', async () => {
    const { objects } = controller({ ask: async () => ({ [list]: entries }) });
    expect(await objects[list]('photo:21', requestOf())).toEqual({ [list]: entries, next_url: '' });
  });

  it.each([
    ['photo', {}, {}, 'OBJECT_FORMAT_INVALID'],
    ['photo:0', {}, {}, 'OBJECT_NOT_FOUND'],
    ['photo:21', { limit: '201' }, {}, 'LIMIT_INVALID'],
    ['photo:21', { cursor: ['a', 'b'] }, {}, 'CURSOR_INVALID'],
    ['photo:21', {}, { 'consistency-token': 'nonsense' }, 'CONSISTENCY_TOKEN_INVALID'],
  ])('refuses %s %j %j', async (name, query, headers, code) => {
    const { objects, services } = controller();
    await expect(objects[list](name, requestOf(query, headers))).rejects.toMatchObject({ code });
    expect(services.ask).not.toHaveBeenCalled();
  });
});
