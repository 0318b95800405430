import { APPEARANCE, type ObjectRef, type User, type UserId } from '@activity-feed/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../error-answers/api-error';
import type { FeedReads } from '../read-feed/feed-reads';
import type { KnownOwners } from './known-owners';
import { Visibility } from './visibility';
import { VisibleObjects } from './visible-objects';

const ivan: User = { id: 1 as UserId, name: 'ivan' };
const VISIBLE: ObjectRef = { type: 'photo', id: 1 };
const HIDDEN: ObjectRef = { type: 'photo', id: 2 };
const OWN: ObjectRef = { type: 'photo', id: 3 };
const NONE: ObjectRef = { type: 'photo', id: 4 };
const OWNERS = new Map([
  [1, [7]],
  [2, [7, 8]],
  [3, [1]],
]);
const HIDDEN_USER = 8;

describe('objects that exist for a user', () => {
  const ask = jest.fn();
  const owners = { of: async (objects: ObjectRef[]) => objects.map(({ id }) => OWNERS.get(id)) };
  const visible = new VisibleObjects(
    owners as unknown as KnownOwners,
    new Visibility({ ask } as Partial<FeedReads> as FeedReads),
  );
  const answer =
    (behind: boolean) =>
    async (_read: string, { users }: { users: number[] }) => ({
      body: JSON.stringify(users.map((user) => (user === HIDDEN_USER ? APPEARANCE.hidden : 0))),
      behind,
    });
  const request = { user: ivan, key: 'abc123', headers: {} } as Partial<FastifyRequest> as FastifyRequest;
  const reply = { header: jest.fn() } as Partial<FastifyReply> as FastifyReply;
  const read = (object: ObjectRef, found: Promise<unknown> = Promise.resolve('found')) =>
    visible.visible(object, found, request, reply);
  const notFound = () => Promise.reject(new ApiError('OBJECT_NOT_FOUND'));

  beforeEach(() => ask.mockReset().mockImplementation(answer(false)));
  afterEach(() => jest.useRealTimers());

  it('are read without those of hidden users, which are as if they did not exist', async () => {
    expect(await read(VISIBLE)).toEqual(['found', { hidden: false, muted: false }]);
    for (const reading of [read(HIDDEN), read(NONE, notFound()), read(NONE)]) {
      await expect(reading).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    }
    const invalid = () => Promise.reject(new ApiError('CURSOR_INVALID'));
    for (const object of [VISIBLE, HIDDEN]) {
      await expect(read(object, invalid())).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
    }
  });

  it('are not said to be missing while a block or its end may be', async () => {
    ask.mockImplementation(answer(true));
    expect(await read(VISIBLE)).toEqual(['found', { hidden: false, muted: false }]);
    expect(reply.header).toHaveBeenCalledWith('feed-freshness', 'behind');
    for (const reading of [read(HIDDEN), read(NONE, notFound())]) {
      await expect(reading).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    }
  });

  it('are not read without the feed, which alone knows who may see them', async () => {
    ask.mockRejectedValue(new ApiError('SERVICE_UNAVAILABLE'));
    for (const reading of [read(VISIBLE), read(HIDDEN), read(NONE, notFound())]) {
      await expect(reading).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    }
  });

  it('can be written about, without asking for one’s own', async () => {
    await visible.assertVisible(ivan, VISIBLE);
    await visible.assertVisible(ivan, OWN);
    expect(ask).toHaveBeenCalledTimes(1);
    for (const object of [HIDDEN, NONE]) {
      await expect(visible.assertVisible(ivan, object)).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    }
  });

  it('can be written about while the feed does not answer', async () => {
    ask.mockRejectedValue(new ApiError('SERVICE_UNAVAILABLE'));
    await visible.assertVisible(ivan, HIDDEN);
    jest.useFakeTimers();
    ask.mockReturnValue(new Promise(() => undefined));
    const writing = visible.assertVisible(ivan, HIDDEN);
    await jest.advanceTimersByTimeAsync(1_600);
    await writing;
  });

  it('can be written about while a block may be missing, but are not said to be missing while its end may be', async () => {
    ask.mockImplementation(answer(true));
    await visible.assertVisible(ivan, VISIBLE);
    for (const object of [HIDDEN, NONE]) {
      await expect(visible.assertVisible(ivan, object)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    }
  });

  it('are concealed by what is refused, also without the feed', async () => {
    const refused = (object: ObjectRef) => visible.concealing(ivan, object, Promise.reject(new ApiError('NOT_OWNER')));
    await expect(refused(VISIBLE)).rejects.toMatchObject({ code: 'NOT_OWNER' });
    await expect(refused(HIDDEN)).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    ask.mockRejectedValue(new ApiError('SERVICE_UNAVAILABLE'));
    await expect(refused(HIDDEN)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});
