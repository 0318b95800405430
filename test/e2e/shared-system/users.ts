import { withConnection } from '@activity-feed/backend';
import type { ErrorCode } from '@activity-feed/contracts';
import type { ApiClient } from '../../harness/api-client';
import { eventually } from '../../harness/eventually';
import type { System } from '../../harness/system';
import { expectError } from '../expect-error';

const NAMES = ['profiles_ada', 'profiles_bob', 'profiles_cleo'] as const;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/;

/** Declares the tests. */
export function testUsers(system: () => System): void {
  let ada: ApiClient;
  let bob: ApiClient;
  let cleo: ApiClient;
  const [, BOB, CLEO] = NAMES;

  beforeAll(async () => {
    [ada, bob, cleo] = (await Promise.all(NAMES.map((name) => system().as(name)))) as [ApiClient, ApiClient, ApiClient];
  });

  const profile = async (reader: ApiClient, name: string) => (await reader.get(`/users/${name}`)).body;
  const names = async (list: string) => (await ada.get(list)).body.users.map(({ name }: { name: string }) => name);

  it('have profiles, which include every follow that was answered before', async () => {
    expect(await profile(ada, BOB)).toEqual({
      name: BOB,
      created_at: expect.stringMatching(TIME),
      followers: 0,
      following: 0,
      private: false,
      you_follow: false,
      follows_you: false,
      requested: false,
      you_mute: false,
      you_mute_shares: false,
      you_block: false,
    });
    await ada.follow(BOB);
    await cleo.follow(BOB);
    await bob.follow(CLEO);
    expect(await profile(ada, BOB)).toMatchObject({ followers: 2, following: 1, you_follow: true, follows_you: false });
    expect(await profile(cleo, BOB)).toMatchObject({ you_follow: true, follows_you: true });
    expect(await profile(bob, BOB)).toMatchObject({ you_follow: false, follows_you: false });
    await ada.unfollow(BOB);
    expect(await profile(ada, BOB)).toMatchObject({ followers: 1, you_follow: false });
    await ada.follow(BOB);
  });

  it('have profiles that stay the same when changes of followers have been added up', async () => {
    const before = await profile(ada, BOB);
    await withConnection({ connectionString: system().databases['social-graph'] }, (client) =>
      eventually('the changes are added up', async () => {
        const { rowCount } = await client.query('SELECT FROM follower_changes LIMIT 1');
        return rowCount === 0;
      }),
    );
    expect(await profile(ada, BOB)).toEqual(before);
  });

  it('have lists of followers and followees, newest first', async () => {
    const { body } = await ada.get(`/users/${BOB}/followers?limit=1`);
    expect(body).toEqual({
      users: [{ name: NAMES[0], since: expect.stringMatching(TIME) }],
      next_url: expect.stringMatching(new RegExp(`^/users/${BOB}/followers\\?limit=1&cursor=`)),
    });
    expect(await names(body.next_url)).toEqual([CLEO]);
    expect(await names(`/users/${BOB}/following`)).toEqual([CLEO]);
    expect(await names(`/users/${CLEO}/following`)).toEqual([BOB]);
  });

  it('can remove followers, which no feed shows', async () => {
    const dave = await system().as('removed_dave');
    await dave.follow(BOB);
    const remove = async (client: ApiClient, name: string) => {
      const { status, body } = await client.send('/followers/remove', { remove: name });
      return [status, body];
    };
    const feed = await dave.myFeed();
    expect(await remove(bob, 'Removed_Dave')).toEqual([200, { message: 'Follower removed' }]);
    expect(await remove(bob, 'removed_dave')).toEqual([200, { message: 'Not a follower' }]);
    // At once for both, and everywhere.
    expect(await profile(dave, BOB)).toMatchObject({ you_follow: false });
    expect(await dave.friendsFeed()).toEqual([]);
    expect((await dave.freshGet('/feed/friends?group=day')).body.friends_feed).toEqual([]);
    expect(await dave.myFeed()).toEqual(feed);
    expect((await bob.freshGet('/users/removed_dave/feed')).body.user_feed).toEqual(feed);
    await dave.follow(BOB);
    expect(await profile(bob, 'removed_dave')).toMatchObject({ follows_you: true });
    await dave.unfollow(BOB);
    expectError(await bob.send('/followers/remove', { remove: 'nobody_at_all' }), 400, 'USER_NOT_FOUND');
    expectError(await bob.send('/followers/remove', {}), 400, 'USER_MISSING');
  });

  it('are found by the beginning of their names', async () => {
    expect(await names('/users?prefix=Profiles_')).toEqual(NAMES);
    const { body } = await ada.get('/users?prefix=profiles_&limit=2');
    expect(body.users).toEqual(NAMES.slice(0, 2).map((name) => ({ name })));
    expect(await names(body.next_url)).toEqual([CLEO]);
    expect(await names('/users?prefix=%20x%22')).toEqual([]);
  });

  it('have feeds of what they did, for whoever asks', async () => {
    const photo = await bob.photo('Sunset');
    const liked = await bob.like(photo);
    const mine = (await bob.freshGet('/feed/my')).body.my_feed;
    const reader = ada.after(liked);
    const flat = await reader.freshGet(`/users/${BOB}/feed?limit=2&expand=objects`);
    expect(flat.body.user_feed).toEqual(mine.slice(0, 2));
    expect(flat.body.objects[photo]).toMatchObject({ owner_name: BOB, content: 'Sunset', likes: 1 });
    expect((await reader.freshGet(flat.body.next_url)).body.user_feed).toEqual(mine.slice(2, 4));
    const groups = (await bob.freshGet('/feed/my?group=day')).body.my_feed;
    const { body } = await reader.freshGet(`/users/${BOB.toUpperCase()}/feed?group=day`);
    expect(body).toMatchObject({ user_feed: groups, next_url: '' });
  });

  it.each<[string, number, ErrorCode]>([
    ['/users', 400, 'PREFIX_INVALID'],
    ['/users?prefix=', 400, 'PREFIX_INVALID'],
    ['/users?prefix=a&prefix=b', 400, 'PREFIX_INVALID'],
    ['/users?prefix=a&limit=0', 400, 'LIMIT_INVALID'],
    ['/users?prefix=a&cursor=%20', 400, 'CURSOR_INVALID'],
    ['/users/nobody_at_all', 404, 'USER_NOT_FOUND'],
    ['/users/no%20body', 404, 'USER_NOT_FOUND'],
    ['/users/nobody_at_all/feed', 404, 'USER_NOT_FOUND'],
    ['/users/nobody_at_all/feed?limit=0', 400, 'LIMIT_INVALID'],
    ['/users/nobody_at_all/followers', 404, 'USER_NOT_FOUND'],
    ['/users/nobody_at_all/following', 404, 'USER_NOT_FOUND'],
    [`/users/${NAMES[1]}/feed?cursor=x`, 400, 'CURSOR_INVALID'],
    [`/users/${NAMES[1]}/feed?group=week`, 400, 'GROUP_INVALID'],
    [`/users/${NAMES[1]}/followers?cursor=x`, 400, 'CURSOR_INVALID'],
    [`/users/${NAMES[1]}/following?limit=201`, 400, 'LIMIT_INVALID'],
  ])('GET %s is answered with %i %s', async (path, status, code) => {
    expectError(await ada.get(path), status, code);
  });

  it.each([`/users/${NAMES[1]}`, `/users/${NAMES[1]}/followers`, `/users/${NAMES[1]}/feed`, '/users?prefix=a'])(
    'GET %s refuses tokens that are not valid',
    async (path) => {
      expectError(await ada.get(path, { 'consistency-token': 'nonsense' }), 400, 'CONSISTENCY_TOKEN_INVALID');
    },
  );
}
