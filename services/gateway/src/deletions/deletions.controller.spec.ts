import type { By, User, UserId } from '@activity-feed/contracts';
import type { FastifyReply } from 'fastify';
import { commandsOf } from '../../../../test/harness/made-up-commands';
import { visibilityOf } from '../../../../test/harness/made-up-visibility';
import { ApiError } from '../error-answers/api-error';
import { DeletionsController } from './deletions.controller';

const user: User = { id: 1 as UserId, name: 'ivan' };
const object = { type: 'photo', id: 21 };
const reply = {} as FastifyReply;
const restorableUntil = '2019-03-12T12:10:05.250000+00:00';

describe('deleting and restoring an object', () => {
  const send = jest.fn();
  const { objects } = visibilityOf({ owners: { 'photo:9': [8] }, hidden: [8] });
  const controller = new DeletionsController(commandsOf(send), objects);
  beforeEach(() => send.mockReset());

  it.each<[By, string, string]>([
    [user, 'recorded', 'Object deleted'],
    [user, 'unchanged', 'Already deleted'],
    ['admin', 'recorded', 'Object deleted'],
  ])('deletes it for %j: %s', async (by, outcome, message) => {
    send.mockResolvedValueOnce({ outcome, restorableUntil });
    expect(await controller.delete(by, 'photo:21', reply)).toEqual({
      object_type: 'photo',
      object_id: 21,
      message,
      restorable_until: restorableUntil,
    });
    expect(send.mock.calls).toEqual([[{ pattern: 'activity.delete-object' }, { by, object }, reply]]);
  });

  it.each<[By, string, string]>([
    [user, 'recorded', 'Object restored'],
    ['admin', 'unchanged', 'Not deleted'],
  ])('restores it for %j: %s', async (by, outcome, message) => {
    send.mockResolvedValueOnce({ outcome });
    expect(await controller.restore(by, 'photo:21', {}, reply)).toEqual({
      object_type: 'photo',
      object_id: 21,
      message,
    });
    expect(send.mock.calls).toEqual([[{ pattern: 'activity.restore-object' }, { by, object }, reply]]);
  });

  it('does not reveal that a hidden object belongs to somebody else', async () => {
    send.mockRejectedValue(new ApiError('NOT_OWNER'));
    for (const [name, code] of [
      ['photo:9', 'OBJECT_NOT_FOUND'],
      ['photo:21', 'NOT_OWNER'],
    ] as const) {
      await expect(controller.delete(user, name, reply)).rejects.toMatchObject({ code });
      await expect(controller.restore(user, name, {}, reply)).rejects.toMatchObject({ code });
    }
  });

  it('refuses a body that is no object, and names of no object', async () => {
    await expect(controller.restore(user, 'photo:21', [], reply)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(controller.restore(user, 'photo', {}, reply)).rejects.toMatchObject({ code: 'OBJECT_FORMAT_INVALID' });
    await expect(controller.delete(user, 'photo:0', reply)).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    expect(send).not.toHaveBeenCalled();
  });
});
