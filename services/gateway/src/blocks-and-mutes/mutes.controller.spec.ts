import type { User, UserId } from '@activity-feed/contracts';
import type { FastifyReply } from 'fastify';
import { commandsOf } from '../../../../test/harness/made-up-commands';
import type { Commands } from '../commands/commands';
import type { HiddenUsers } from './hidden-users';
import { MutesController } from './mutes.controller';

const caller = { user: { id: 1 as UserId, name: 'ivan' } as User, key: 'abc123' };
const reply = {} as FastifyReply;
const OVER = { mute: 'nico', until: '2019-02-10T12:00:00Z' };

describe('muting a user until a time', () => {
  const send = jest.fn(async () => ({ outcome: 'recorded' }));
  const controllerOf = (commands: Commands) => new MutesController(commands, {} as HiddenUsers);

  it('is refused if the time is over', async () => {
    const muting = controllerOf(commandsOf(send)).mute(caller, OVER, reply);
    await expect(muting).rejects.toMatchObject({ code: 'UNTIL_INVALID' });
    expect(send).not.toHaveBeenCalled();
  });

  it('is answered as before if it is repeated when the time is over', async () => {
    // A repeat does not make the command.
    const muting = controllerOf({ send } as unknown as Commands).mute(caller, OVER, reply);
    await expect(muting).resolves.toEqual({ verb: 'mute', message: 'User muted' });
  });
});
