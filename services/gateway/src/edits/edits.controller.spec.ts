import type { EventTime, Mention, ObjectRef, User, UserId } from '@activity-feed/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandsOf } from '../../../../test/harness/made-up-commands';
import { visibilityOf } from '../../../../test/harness/made-up-visibility';
import { ApiError } from '../error-answers/api-error';
import type { Mentions } from '../resolve-mentions/mentions';
import type { Services } from '../services/services';
import { EditsController } from './edits.controller';

const time = '2019-02-10T12:01:30.894037+00:00' as EventTime;
const user: User = { id: 1 as UserId, name: 'ivan' };
const caller = { user, key: 'abc123' };
const object: ObjectRef = { type: 'photo', id: 21 };
const reply = {} as FastifyReply;

const requestOf = (query = {}, headers = {}) =>
  ({ ...caller, query, headers }) as Partial<FastifyRequest> as FastifyRequest;

/** A controller with mocked services. */
function controller({
  send = async (): Promise<unknown> => ({}),
  ask = async (): Promise<unknown> => ({}),
  resolve = async (): Promise<Mention[]> => [],
} = {}) {
  const [commands, services] = [{ send: jest.fn(send) }, { ask: jest.fn(ask) }];
  const mentions = { resolve } as unknown as Mentions;
  const { objects } = visibilityOf({ owners: { 'photo:9': [8] }, hidden: [8] });
  const edits = new EditsController(commandsOf(commands.send), services as unknown as Services, mentions, objects);
  return { edits, commands, services };
}

describe('PATCH /objects/:object', () => {
  it.each([
    ['recorded', time, 'Object edited'],
    ['unchanged', null, 'Not changed'],
  ])('answers with the content and the time of the last edit if it is %s', async (outcome, editedAt, message) => {
    const { edits, commands } = controller({ send: async () => ({ outcome, editedAt }) });
    expect(await edits.edit(caller, 'photo:021', { content: 'Sunset', mood: 'sunny' }, reply)).toEqual({
      object_type: 'photo',
      object_id: 21,
      content: 'Sunset',
      edited_at: editedAt,
      message,
    });
    expect(commands.send.mock.calls).toEqual([
      [{ pattern: 'activity.edit-object' }, { actor: user, object, content: 'Sunset', mentions: [] }, reply],
    ]);
  });

  it('sends the mentions with the content, and nothing if they cannot be resolved', async () => {
    const mentions = [{ user, start: 0, end: 5 }];
    const { edits, commands } = controller({ resolve: async () => mentions });
    await edits.edit(caller, 'photo:21', { content: '@ivan' }, reply);
    expect(commands.send).toHaveBeenCalledWith(expect.anything(), expect.objectContaining({ mentions }), reply);

    const down = controller({ resolve: () => Promise.reject(new ApiError('SERVICE_UNAVAILABLE')) });
    const refused = { code: 'SERVICE_UNAVAILABLE' };
    await expect(down.edits.edit(caller, 'photo:21', { content: '@ivan' }, reply)).rejects.toMatchObject(refused);
    expect(down.commands.send).not.toHaveBeenCalled();
  });

  it.each([
    ['photo:9', { content: 'a' }, 'OBJECT_NOT_FOUND'],
    ['photo', 'text', 'BAD_REQUEST'],
    ['photo', {}, 'CONTENT_MISSING'],
    ['photo', { content: 'a' }, 'OBJECT_FORMAT_INVALID'],
    ['photo:0', { content: 'a' }, 'OBJECT_NOT_FOUND'],
  ])('refuses %s with %j', async (name, body, code) => {
    const { edits, commands } = controller();
    await expect(edits.edit(caller, name, body, reply)).rejects.toMatchObject({ code });
    expect(commands.send).not.toHaveBeenCalled();
  });
});

describe('GET /objects/:object/history', () => {
  const versions = [{ version: 1, content: 'Sunrise', time }];

  it('returns the URL of the next page with the same limit', async () => {
    const { edits, services } = controller({ ask: async () => ({ versions, next: 'abc' }) });
    expect(await edits.history('photo:021', requestOf({ limit: '1', cursor: 'xyz', group: 'day' }), reply)).toEqual({
      versions,
      next_url: '/objects/photo:21/history?limit=1&cursor=abc',
    });
    expect(services.ask.mock.calls).toEqual([
      [{ pattern: 'activity.find-history' }, { object, reader: 1, limit: 1, cursor: 'xyz' }],
    ]);
  });

  it('returns an empty next_url on the last page', async () => {
    const { edits } = controller({ ask: async () => ({ versions }) });
    expect(await edits.history('photo:21', requestOf(), reply)).toEqual({ versions, next_url: '' });
  });

  it('is not found for a hidden object', async () => {
    const { edits } = controller({ ask: async () => ({ versions }) });
    await expect(edits.history('photo:9', requestOf(), reply)).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
  });

  it.each([
    ['photo', {}, {}, 'OBJECT_FORMAT_INVALID'],
    ['photo:0', {}, {}, 'OBJECT_NOT_FOUND'],
    ['photo:21', { limit: '201' }, {}, 'LIMIT_INVALID'],
    ['photo:21', { cursor: ['a', 'b'] }, {}, 'CURSOR_INVALID'],
    ['photo:21', {}, { 'consistency-token': 'nonsense' }, 'CONSISTENCY_TOKEN_INVALID'],
  ])('refuses %s %j %j', async (name, query, headers, code) => {
    const { edits, services } = controller();
    await expect(edits.history(name, requestOf(query, headers), reply)).rejects.toMatchObject({ code });
    expect(services.ask).not.toHaveBeenCalled();
  });
});

describe('DELETE /objects/:object/history/:version', () => {
  it.each([
    ['recorded', 'Version removed'],
    ['unchanged', 'Already removed'],
  ])('answers whether it is %s', async (outcome, message) => {
    const { edits, commands } = controller({ send: async () => ({ outcome }) });
    expect(await edits.remove(caller, 'photo:21', '02', reply)).toEqual({ message });
    expect(commands.send.mock.calls).toEqual([
      [{ pattern: 'activity.remove-version' }, { actor: user, object, version: 2 }, reply],
    ]);
  });

  it.each(['99999999999999999999', '9'.repeat(400)])('sends a number that JSON keeps for %s', async (version) => {
    const { edits, commands } = controller({ send: async () => ({ outcome: 'unchanged' }) });
    await edits.remove(caller, 'photo:21', version, reply);
    const sent = (commands.send.mock.calls as unknown[][])[0]?.[1];
    expect(sent).toMatchObject({ version: Number.MAX_SAFE_INTEGER });
  });

  it.each([
    ['photo', 'x', 'OBJECT_FORMAT_INVALID'],
    ['photo:0', 'x', 'VERSION_INVALID'],
    ['photo:21', '-1', 'VERSION_INVALID'],
    ['photo:21', '1.5', 'VERSION_INVALID'],
    ['photo:21', '', 'VERSION_INVALID'],
    ['photo:0', '1', 'OBJECT_NOT_FOUND'],
  ])('refuses %s and version %j', async (name, version, code) => {
    const { edits, commands } = controller();
    await expect(edits.remove(caller, name, version, reply)).rejects.toMatchObject({ code });
    expect(commands.send).not.toHaveBeenCalled();
  });
});
