import type { FoundObject, User, UserId } from '@activity-feed/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { visibilityOf } from '../../../../test/harness/made-up-visibility';
import { ApiError } from '../error-answers/api-error';
import type { FeedReads } from '../read-feed/feed-reads';
import type { Services } from '../services/services';
import { ObjectReads } from './object-reads';
import { PageAnswers } from './page-answers';

const user: User = { id: 1 as UserId, name: 'ivan' };
const request = { user, key: 'abc123' } as Partial<FastifyRequest> as FastifyRequest;
const object = { type: 'photo', id: 21 };
const found = { object, owner: user, content: '\u{1F44D} é' } as FoundObject;
const page = (entries: object[]) => JSON.stringify({ my_feed: entries, next_url: '' });
const entry = { object_type: 'photo', object_id: 21 };

/** The bytes of the answer, and the calls that it took. */
async function answerTo(expand: 'objects' | undefined, entries: object[], ask = async (): Promise<unknown> => [found]) {
  const services = { ask: jest.fn(ask) };
  const feed = { read: jest.fn(async () => '[{"likes":12,"shares":2}]') };
  const answers = new PageAnswers(
    new ObjectReads(services as unknown as Services, feed as unknown as FeedReads, visibilityOf().objects),
  );
  const end = jest.fn<void, [string, BufferEncoding]>();
  const reply = { hijack: jest.fn(), getHeaders: () => ({}), raw: { writeHead: jest.fn(), end } };
  const read = jest.fn(async (_begun?: number) => page(entries));
  await answers.send(read, expand, request, reply as unknown as FastifyReply);
  const [bytes, encoding] = end.mock.calls[0] as [string, BufferEncoding];
  return { body: JSON.parse(Buffer.from(bytes, encoding).toString()), read, services, feed };
}

describe('an answer to a request for a page', () => {
  it('is the page alone, for which nothing else is read', async () => {
    const { body, read, services, feed } = await answerTo(undefined, [entry]);
    expect(body).toEqual({ my_feed: [entry], next_url: '' });
    expect([read.mock.calls, services.ask.mock.calls, feed.read.mock.calls]).toEqual([[[]], [], []]);
  });

  it('has the objects, read once from each service, and both reads of the feed wait as long as one', async () => {
    const { body, read, services, feed } = await answerTo('objects', [entry, entry]);
    expect(body.objects).toEqual({
      'photo:21': expect.objectContaining({ content: '\u{1F44D} é', likes: 12, shares: 2 }),
    });
    expect(services.ask.mock.calls).toEqual([[{ pattern: 'activity.find-objects' }, { objects: [object], reader: 1 }]]);
    const [[begun]] = read.mock.calls as [[number]];
    expect(begun).toEqual(expect.any(Number));
    expect(feed.read.mock.calls).toEqual([['engagements', { objects: [object] }, request, expect.anything(), begun]]);
  });

  it('has null for an object that is gone', async () => {
    const { body } = await answerTo('objects', [entry], async () => [null]);
    expect(body.objects).toEqual({ 'photo:21': null });
  });

  it('reads nothing more if the page names no object', async () => {
    const { body, services, feed } = await answerTo('objects', [{ object_type: null, object_id: null }]);
    expect([body.objects, services.ask.mock.calls, feed.read.mock.calls]).toEqual([{}, [], []]);
  });

  it('is an error if the objects cannot be read', async () => {
    const down = () => Promise.reject(new ApiError('SERVICE_UNAVAILABLE'));
    await expect(answerTo('objects', [entry], down)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});
