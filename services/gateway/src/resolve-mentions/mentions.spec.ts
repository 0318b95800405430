import { FindUsers, type User, type UserId } from '@activity-feed/contracts';
import { ApiError } from '../error-answers/api-error';
import { KnownUsers } from '../find-users/known-users';
import type { Services } from '../services/services';
import { Mentions } from './mentions';

const [nico, eric]: User[] = [
  { id: 2 as UserId, name: 'nico' },
  { id: 3 as UserId, name: 'eric' },
] as [User, User];

/** Mentions of `registered` users, whom a mocked social-graph knows. */
function mentionsOf(...registered: User[]) {
  const ask = jest.fn(async (_message: unknown, { names }: { names: string[] }) =>
    registered.filter(({ name }) => names.includes(name)),
  );
  const mentions = new Mentions(new KnownUsers({ ask } as unknown as Services));
  const asked = () => ask.mock.calls.map(([, { names }]) => names);
  return { mentions, ask, asked, registered };
}

describe('the mentions of a content', () => {
  it('are the names of users, in their order; others are text', async () => {
    const { mentions, ask } = mentionsOf(nico, eric);
    expect(await mentions.resolve('@eric, @nobody and @Nico: @eric')).toEqual([
      { user: eric, start: 0, end: 5 },
      { user: nico, start: 19, end: 24 },
      { user: eric, start: 26, end: 31 },
    ]);
    expect(ask.mock.calls).toEqual([[FindUsers, { names: ['eric', 'nobody', 'nico'] }]]);
  });

  it.each(['', 'Sunrise', 'x@y.com', '`@nico`'])('need no look-up in %j', async (content) => {
    const { mentions, ask } = mentionsOf(nico);
    expect(await mentions.resolve(content)).toEqual([]);
    expect(ask).not.toHaveBeenCalled();
  });

  it('are looked up once; names of nobody again each time', async () => {
    const { mentions, asked, registered } = mentionsOf(nico);
    await mentions.resolve('@nico @eric');
    expect(await mentions.resolve('@nico @eric')).toEqual([{ user: nico, start: 0, end: 5 }]);
    registered.push(eric);
    expect(await mentions.resolve('@eric')).toEqual([{ user: eric, start: 0, end: 5 }]);
    await mentions.resolve('@eric @nico');
    expect(asked()).toEqual([['nico', 'eric'], ['eric'], ['eric']]);
  });

  it('are of the first 20 names', async () => {
    const users = Array.from({ length: 25 }, (_, index) => ({ id: (index + 1) as UserId, name: `user-${index}` }));
    const { mentions, asked } = mentionsOf(...users);
    const found = await mentions.resolve(`@nobody @nobody ${users.map(({ name }) => `@${name}`).join(' ')}`);
    expect(found.map(({ user }) => user)).toEqual(users.slice(0, 19));
    expect(asked()).toEqual([['nobody', ...users.slice(0, 19).map(({ name }) => name)]]);
  });

  it('are the first 20', async () => {
    const { mentions } = mentionsOf(nico, eric);
    const found = await mentions.resolve(`${'@nobody @nico '.repeat(30)}@eric`);
    expect(found).toHaveLength(20);
    expect(found[19]).toEqual({ user: nico, start: 274, end: 279 });
  });

  it('cannot be resolved without social-graph, unless all names are known', async () => {
    const { mentions, ask } = mentionsOf(nico);
    await mentions.resolve('@nico');
    ask.mockRejectedValue(new ApiError('SERVICE_UNAVAILABLE'));
    expect(await mentions.resolve('@nico')).toHaveLength(1);
    await expect(mentions.resolve('@nico @eric')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    ask.mockResolvedValue([eric]);
    expect(await mentions.resolve('@nico @eric')).toHaveLength(2);
  });
});
