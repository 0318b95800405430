import type { FastifyReply } from 'fastify';
import { commandsOf } from '../../../../test/harness/made-up-commands';
import { visibilityOf } from '../../../../test/harness/made-up-visibility';
import type { Caller } from '../authenticate/caller';
import { ActivitiesController } from './activities.controller';

// An invented object type, and a verb that is about this type only.
jest.mock('../../../../libs/contracts/src/kinds/object-type-table', () => {
  const { OBJECT_TYPE } = jest.requireActual('../../../../libs/contracts/src/kinds/object-type-table');
  return { OBJECT_TYPE: { ...OBJECT_TYPE, song: { code: 7 } } };
});
jest.mock('../../../../libs/contracts/src/kinds/verb-table', () => {
  const { VERB } = jest.requireActual('../../../../libs/contracts/src/kinds/verb-table');
  const { undo: _, ...share } = VERB.share;
  return { VERB: { ...VERB, applaud: { ...share, code: 31, objectTypes: ['song'] } } };
});

describe('acting on an object', () => {
  const send = jest.fn(async () => ({ outcome: 'recorded' }));
  const { objects } = visibilityOf({ owners: { 'photo:9': [8] }, hidden: [8] });
  const controller = new ActivitiesController(commandsOf(send), objects);
  const caller = { user: { id: 1, name: 'ivan' } } as Caller;
  const record = (verb: string, object: string) => controller.record(caller, { verb, object }, replyTo(null));
  const replyTo = (idempotencyKey: string | null) => ({ request: { idempotencyKey } }) as FastifyReply;

  beforeEach(() => send.mockClear());

  it.each([
    ['applaud', 'song:5', { type: 'song', id: 5 }],
    ['like', 'song:5', { type: 'song', id: 5 }],
    ['like', 'photo:21', { type: 'photo', id: 21 }],
    ['unlike', 'photo:21', { type: 'photo', id: 21 }],
    ['unshare', 'post:3', { type: 'post', id: 3 }],
  ])('sends the command to %s %s', async (verb, name, object) => {
    await expect(record(verb, name)).resolves.toMatchObject({ verb });
    expect(send).toHaveBeenCalledWith(
      expect.objectContaining({ pattern: `activity.${verb}-object` }),
      { actor: caller.user, object },
      expect.anything(),
    );
  });

  it.each([
    ['like', 'recorded', 'Activity recorded'],
    ['like', 'unchanged', 'Already liked'],
    ['share', 'recorded', 'Activity recorded'],
    ['applaud', 'recorded', 'Activity recorded', 'song:5'],
    ['unlike', 'recorded', 'Like removed'],
    ['unlike', 'unchanged', 'Not liked'],
    ['unshare', 'recorded', 'Share removed'],
    ['unshare', 'unchanged', 'Not shared'],
  ])('answers %s that is %s with %j', async (verb, outcome, message, object = 'photo:21') => {
    send.mockResolvedValueOnce({ outcome });
    await expect(record(verb, object)).resolves.toEqual({ verb, message });
  });

  it.each(['like', 'share'])('answers %s of a hidden object as if there were none', async (verb) => {
    await expect(record(verb, 'photo:9')).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    expect(send).not.toHaveBeenCalled();
  });

  it.each(['unlike', 'unshare'])(
    'lets users %s a hidden object; if there is nothing to take back, it does not exist',
    async (verb) => {
      await expect(record(verb, 'photo:9')).resolves.toMatchObject({ verb });
      send.mockResolvedValueOnce({ outcome: 'unchanged' });
      await expect(record(verb, 'photo:9')).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    },
  );

  it.each([
    ['photo:21', undefined],
    ['photo:9', 'OBJECT_NOT_FOUND'],
  ])('lets activity refuse a repeatable unlike of %s if there is nothing: %s', async (object, ifNothing) => {
    send.mockResolvedValueOnce({ outcome: 'unchanged' });
    await expect(controller.record(caller, { verb: 'unlike', object }, replyTo('a'))).resolves.toBeDefined();
    expect(send).toHaveBeenCalledWith(expect.anything(), expect.objectContaining({ ifNothing }), expect.anything());
  });

  it.each([
    ['photo:21', 'OBJECT_FORMAT_INVALID'],
    ['film:1', 'OBJECT_NOT_FOUND'],
  ])('refuses to applaud %s: %s', async (name, code) => {
    await expect(record('applaud', name)).rejects.toMatchObject({ code });
    expect(send).not.toHaveBeenCalled();
  });
});
