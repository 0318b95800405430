import type { FastifyReply } from 'fastify';
import type { Caller } from '../authenticate/caller';
import type { Commands } from '../commands/commands';
import { ActivitiesController } from './activities.controller';

// An invented object type, and a verb that is about this type only.
jest.mock('../../../../libs/contracts/src/kinds/object-type-table', () => {
  const { OBJECT_TYPE } = jest.requireActual('../../../../libs/contracts/src/kinds/object-type-table');
  return { OBJECT_TYPE: { ...OBJECT_TYPE, song: { code: 7 } } };
});
jest.mock('../../../../libs/contracts/src/kinds/verb-table', () => {
  const { VERB } = jest.requireActual('../../../../libs/contracts/src/kinds/verb-table');
  return { VERB: { ...VERB, applaud: { ...VERB.share, code: 31, objectTypes: ['song'] } } };
});

describe('acting on an object', () => {
  const send = jest.fn(async () => ({ outcome: 'recorded' }));
  const controller = new ActivitiesController({ send } as unknown as Commands);
  const caller = { user: { id: 1, name: 'ivan' } } as Caller;
  const record = (verb: string, object: string) => controller.record(caller, { verb, object }, {} as FastifyReply);

  beforeEach(() => send.mockClear());

  it.each([
    ['applaud', 'song:5', { type: 'song', id: 5 }],
    ['like', 'song:5', { type: 'song', id: 5 }],
    ['like', 'photo:21', { type: 'photo', id: 21 }],
  ])('sends the command to %s %s', async (verb, name, object) => {
    await expect(record(verb, name)).resolves.toMatchObject({ verb });
    expect(send).toHaveBeenCalledWith(
      expect.objectContaining({ pattern: `activity.${verb}-object` }),
      { actor: caller.user, object },
      expect.anything(),
    );
  });

  it.each([
    ['photo:21', 'OBJECT_FORMAT_INVALID'],
    ['film:1', 'OBJECT_NOT_FOUND'],
  ])('refuses to applaud %s: %s', async (name, code) => {
    await expect(record('applaud', name)).rejects.toMatchObject({ code });
    expect(send).not.toHaveBeenCalled();
  });
});
