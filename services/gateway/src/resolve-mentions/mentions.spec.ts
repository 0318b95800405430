import { FindUsers, type User, type UserId } from '@activity-feed/contracts';
import { visibilityOf } from '../../../../test/harness/made-up-visibility';
import { ApiError } from '../error-answers/api-error';
import { KnownUsers } from '../find-users/known-users';
import type { Services } from '../services/services';
import { Mentions } from './mentions';

const [ivan, nico, eric] = [
  { id: 1 as UserId, name: 'ivan' },
  { id: 2 as UserId, name: 'nico' },
  { id: 3 as UserId, name: 'eric' },
] as [User, User, User];

/** Mentions of `registered` users, whom a mocked social-graph knows. */
function mentionsOf(...registered: User[]) {
  return mentionsBeside([], ...registered);
}

/** The same with users who are hidden from the writer. */
function mentionsBeside(hidden: number[], ...registered: User[]) {
  const ask = jest.fn(async (_message: unknown, { names }: { names: string[] }) =>
    registered.filter(({ name }) => names.includes(name)),
  );
  const mentions = new Mentions(new KnownUsers({ ask } as unknown as Services), visibilityOf({ hidden }).visibility);
  const resolve = (content: string) => mentions.resolve(content, ivan);
  const asked = () => ask.mock.calls.map(([, { names }]) => names);
  return { resolve, ask, asked, registered };
}

describe('the mentions of a content', () => {
  it('are the names of users, in their order; others are text', async () => {
    const { resolve, ask } = mentionsOf(nico, eric);
    expect(await resolve('@eric, @nobody and @Nico: @eric')).toEqual([
      { user: eric, start: 0, end: 5 },
      { user: nico, start: 19, end: 24 },
      { user: eric, start: 26, end: 31 },
    ]);
    expect(ask.mock.calls).toEqual([[FindUsers, { names: ['eric', 'nobody', 'nico'] }]]);
  });

  it('are not of users hidden from the writer, whose names are text', async () => {
    const { resolve } = mentionsBeside([eric.id], nico, eric);
    expect(await resolve('@eric @nico')).toEqual([{ user: nico, start: 6, end: 11 }]);
  });

  it.each(['', 'Sunrise', 'x@y.com', '`@nico`'])('need no look-up in %j', async (content) => {
    const { resolve, ask } = mentionsOf(nico);
    expect(await resolve(content)).toEqual([]);
    expect(ask).not.toHaveBeenCalled();
  });

  it('are looked up once; names of nobody again each time', async () => {
    const { resolve, asked, registered } = mentionsOf(nico);
    await resolve('@nico @eric');
    expect(await resolve('@nico @eric')).toEqual([{ user: nico, start: 0, end: 5 }]);
    registered.push(eric);
    expect(await resolve('@eric')).toEqual([{ user: eric, start: 0, end: 5 }]);
    await resolve('@eric @nico');
    expect(asked()).toEqual([['nico', 'eric'], ['eric'], ['eric']]);
  });

  it('are of the first 20 names', async () => {
    const users = Array.from({ length: 25 }, (_, index) => ({ id: (index + 1) as UserId, name: `user-${index}` }));
    const { resolve, asked } = mentionsOf(...users);
    const found = await resolve(`@nobody @nobody ${users.map(({ name }) => `@${name}`).join(' ')}`);
    expect(found.map(({ user }) => user)).toEqual(users.slice(0, 19));
    expect(asked()).toEqual([['nobody', ...users.slice(0, 19).map(({ name }) => name)]]);
  });

  it('are the first 20', async () => {
    const { resolve } = mentionsOf(nico, eric);
    const found = await resolve(`${'@nobody @nico '.repeat(30)}@eric`);
    expect(found).toHaveLength(20);
    expect(found[19]).toEqual({ user: nico, start: 274, end: 279 });
  });

  it('cannot be resolved without social-graph, unless all names are known', async () => {
    const { resolve, ask } = mentionsOf(nico);
    await resolve('@nico');
    ask.mockRejectedValue(new ApiError('SERVICE_UNAVAILABLE'));
    expect(await resolve('@nico')).toHaveLength(1);
    await expect(resolve('@nico @eric')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    ask.mockResolvedValue([eric]);
    expect(await resolve('@nico @eric')).toHaveLength(2);
  });
});
