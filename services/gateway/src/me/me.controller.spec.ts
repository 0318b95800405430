import type { EventTime, User, UserId } from '@activity-feed/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Commands } from '../commands/commands';
import { MeController } from './me.controller';
import type { OwnProfiles } from './own-profiles';
import { ProfileText } from './profile-text';

const ivan: User = { id: 1 as UserId, name: 'ivan' };
const time = '2019-02-10T12:00:00.000001+00:00' as EventTime;
const profile = (followIds: number[]) =>
  new ProfileText({ ...ivan, followIds: followIds as UserId[], createdAt: time, updatedAt: time });

describe('GET /me', () => {
  const profiles = {
    known: jest.fn((): ProfileText | undefined => profile([2])),
    ask: jest.fn(async () => profile([3])),
  };
  const controller = new MeController(profiles as unknown as OwnProfiles, {} as Commands);

  async function followIds(headers: Record<string, string> = {}): Promise<number[]> {
    const end = jest.fn();
    const reply = { hijack: jest.fn(), getHeaders: () => ({}), raw: { writeHead: jest.fn(), end } };
    await controller.me(
      { user: ivan, key: 'abc123' },
      { headers } as unknown as FastifyRequest,
      reply as unknown as FastifyReply,
    );
    return JSON.parse(end.mock.calls[0][0]).follow_ids;
  }

  it('is answered from memory', async () => {
    expect(await followIds()).toEqual([2]);
    expect(profiles.ask).not.toHaveBeenCalled();
  });

  it('is answered by social-graph if nothing up to date is in memory', async () => {
    profiles.known.mockReturnValueOnce(undefined);
    expect(await followIds()).toEqual([3]);
  });

  it('is answered by social-graph if it presents a token, whose write may not be known here', async () => {
    expect(await followIds({ 'consistency-token': 'social-graph.1.7' })).toEqual([3]);
  });
});
