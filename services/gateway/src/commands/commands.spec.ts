import { type KeptOutcome, type Message, message, type UserId } from '@activity-feed/contracts';
import type { FastifyReply } from 'fastify';
import { ApiError } from '../error-answers/api-error';
import type { Consistency } from '../read-own-writes/consistency';
import { idempotencyOf } from '../repeat-requests/idempotency-key';
import type { Services } from '../services/services';
import { Commands } from './commands';

const Post = message('activity.post-object') as Message<{ content: string }, never>;
const VALUE = { token: 'activity.1.1', objectId: 7 };

describe('a command of a request', () => {
  const ask = jest.fn(async (): Promise<KeptOutcome | null> => null);
  const command = jest.fn(async (): Promise<object> => ({ value: VALUE }));
  const afterWrite = jest.fn();
  const prepare = jest.fn(async () => ({ content: 'a' }));
  const commands = new Commands({ ask, command } as unknown as Services, { afterWrite } as unknown as Consistency);
  beforeEach(() => jest.clearAllMocks());

  function replyTo(idempotencyKey: string | null) {
    const request = {
      id: 'b0bf1a52',
      headers: {},
      method: 'POST',
      originalUrl: '/post',
      routeOptions: { url: '/post' },
      rawBody: Buffer.from('{"content": "a"}'),
      user: { id: 1 as UserId, name: 'ivan' },
      idempotencyKey,
    };
    const header = jest.fn();
    return { reply: { request, header } as unknown as FastifyReply, header };
  }
  const send = async (key: string | null) => {
    const { reply, header } = replyTo(key);
    const value = await commands.send(Post, prepare, reply).catch((error: ApiError) => error.code);
    return { value, headers: header.mock.calls };
  };
  const { fingerprint } = idempotencyOf(replyTo('a').reply.request) as { fingerprint: string };
  const REPLAYED = [['idempotent-replayed', 'true']];

  it('is sent without asking if the request has no key', async () => {
    expect(await send(null)).toEqual({ value: VALUE, headers: [] });
    expect(ask).not.toHaveBeenCalled();
    expect(command.mock.calls).toEqual([[Post, { content: 'a', traceparent: expect.any(String) }]]);
  });

  it('is made and sent with its key if no answer is kept', async () => {
    expect(await send('a')).toEqual({ value: VALUE, headers: [] });
    const idempotency = { caller: 1, key: expect.any(String), fingerprint };
    expect(ask.mock.calls).toEqual([[{ pattern: 'activity.find-outcome' }, { caller: 1, key: expect.any(String) }]]);
    expect(command.mock.calls).toEqual([[Post, expect.objectContaining({ content: 'a', idempotency })]]);
  });

  it('is not even made if its answer is kept, which is announced again', async () => {
    ask.mockResolvedValueOnce({ fingerprint, value: VALUE });
    expect(await send('a')).toEqual({ value: VALUE, headers: REPLAYED });
    expect(prepare).not.toHaveBeenCalled();
    expect(command).not.toHaveBeenCalled();
    expect(afterWrite).toHaveBeenCalledWith(expect.anything(), VALUE);
  });

  it('is marked as a repeat if the first was carried out meanwhile', async () => {
    command.mockResolvedValueOnce({ value: VALUE, replayed: true });
    expect(await send('a')).toEqual({ value: VALUE, headers: REPLAYED });
  });

  it('is refused if the key was used for another request', async () => {
    ask.mockResolvedValueOnce({ fingerprint: 'other', value: VALUE });
    expect(await send('a')).toEqual({ value: 'IDEMPOTENCY_KEY_REUSED', headers: [] });
    expect(command).not.toHaveBeenCalled();
  });

  it('is not sent to a service that does not know keys', async () => {
    ask.mockRejectedValueOnce(new ApiError('SERVICE_UNAVAILABLE'));
    expect(await send('a')).toEqual({ value: 'SERVICE_UNAVAILABLE', headers: [] });
    expect(command).not.toHaveBeenCalled();
  });
});
