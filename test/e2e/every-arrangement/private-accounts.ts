import { type ApiClient, request, untilCarriedOut } from '../../harness/api-client';
import { eventually } from '../../harness/eventually';
import { ADMIN_KEY, type System } from '../../harness/system';
import { expectError } from '../expect-error';

/** Declares the tests. What private accounts hide is tested with hidden users. */
export function testPrivateAccounts(system: () => System): void {
  const [VIEWER, AUTHOR] = ['private_viewer', 'private_author'] as const;
  let viewer: ApiClient;
  let author: ApiClient;

  beforeAll(async () => {
    [viewer, author] = [await system().as(VIEWER), await system().as(AUTHOR)];
  });

  const send = async (client: ApiClient, path: string, body: object, message: string) => {
    const answer = await untilCarriedOut(() => client.send(path, body));
    expect({ path, status: answer.status, body: answer.body }).toMatchObject({ path, status: 200, body: { message } });
  };
  const unfollow = () => send(viewer, '/unfollow', { unfollow: AUTHOR }, 'User unfollowed');
  const setPrivate = (isPrivate: boolean) => untilCarriedOut(() => author.send('/me', { private: isPrivate }, 'PATCH'));
  const suspension = (change: 'suspend' | 'reinstate') => {
    const headers = { 'content-type': 'application/json', 'x-admin-key': ADMIN_KEY };
    const path = `/users/${AUTHOR}/${change}`;
    return untilCarriedOut(() => request(system().address(), path, { method: 'POST', headers, body: '{}' }));
  };

  it('have lists of requests, and profiles that show them', async () => {
    await viewer.follow(AUTHOR);
    const { body: me } = await setPrivate(true);
    expect(me).toMatchObject({ name: AUTHOR, private: true });
    expect((await author.get('/me')).body).toEqual(me);
    await unfollow();
    expect((await viewer.get(`/users/${AUTHOR}`)).body).toMatchObject({ private: true, requested: false });
    expect((await viewer.freshGet(`/users/${AUTHOR}/feed`)).body).toMatchObject({ user_feed: [], next_url: '' });
    await send(viewer, '/follow', { follow: AUTHOR }, 'Follow requested');
    await send(viewer, '/follow', { follow: AUTHOR }, 'Already requested');
    const since = expect.any(String);
    expect((await author.get('/me/requests?limit=1')).body).toEqual({ users: [{ name: VIEWER, since }], next_url: '' });
    expect((await viewer.get('/me/requested')).body).toEqual({ users: [{ name: AUTHOR, since }], next_url: '' });
    expect((await viewer.get(`/users/${AUTHOR}`)).body).toMatchObject({ you_follow: false, requested: true });
    await send(viewer, '/unfollow', { unfollow: AUTHOR }, 'Request withdrawn');
    await send(viewer, '/unfollow', { unfollow: AUTHOR }, 'Not followed');
    await send(author, '/requests/accept', { accept: VIEWER }, 'No request');
    await send(viewer, '/follow', { follow: AUTHOR }, 'Follow requested');
    await send(author, '/requests/decline', { decline: VIEWER.toUpperCase() }, 'Request declined');
    await send(author, '/requests/decline', { decline: VIEWER }, 'No request');
    expect((await viewer.get(`/users/${AUTHOR}`)).body).toMatchObject({ you_follow: false, requested: false });
    await viewer.follow(AUTHOR);
    await send(author, '/requests/accept', { accept: VIEWER }, 'Request accepted');
    expect((await viewer.get(`/users/${AUTHOR}`)).body).toMatchObject({ you_follow: true, requested: false });
    const { body } = await viewer.freshGet('/feed/my?limit=1');
    expect(body.my_feed[0]).toMatchObject({ verb: 'follow', target_name: AUTHOR });
    expect((await setPrivate(false)).body).toMatchObject({ private: false });
  });

  it('change whom others follow, and every gateway shows that to them', async () => {
    const profiles = () => Promise.all([0, 1].map(async (gateway) => viewer.at(system().address(gateway)).me()));
    const follows = async () => (await profiles()).map(({ follow_ids }) => follow_ids.includes(authorId));
    const { id: authorId } = await author.me();
    await viewer.follow(AUTHOR);
    await setPrivate(true);
    await unfollow();
    await viewer.follow(AUTHOR);
    expect(await follows()).toEqual([false, false]);
    await send(author, '/requests/accept', { accept: VIEWER }, 'Request accepted');
    expect(await follows()).toEqual([true, true]);
    await send(author, '/followers/remove', { remove: VIEWER }, 'Follower removed');
    expect(await follows()).toEqual([false, false]);
    await viewer.follow(AUTHOR);
    await send(author, '/requests/accept', { accept: VIEWER }, 'Request accepted');
    expect(await follows()).toEqual([true, true]);
    await send(author, '/block', { block: VIEWER }, 'User blocked');
    expect(await follows()).toEqual([false, false]);
    await send(author, '/unblock', { unblock: VIEWER }, 'User unblocked');
    await viewer.follow(AUTHOR);
    expect(await follows()).toEqual([false, false]);
    const { body: published } = await setPrivate(false);
    const shown = await Promise.all([0, 1].map((gateway) => author.at(system().address(gateway)).me()));
    expect(shown).toEqual([published, published]);
    // Accepted in the background. Sooner than profiles are discarded by their age.
    await eventually('all gateways show it', async () => !(await follows()).includes(false), { within: 30_000 });
  });

  it('of suspended users are refused at the door, through every gateway', async () => {
    const statuses = () =>
      Promise.all([0, 1].map(async (door) => (await author.at(system().address(door)).get('/me')).status));
    expect(await statuses()).toEqual([200, 200]);
    expect((await suspension('suspend')).body).toEqual({ name: AUTHOR, message: 'User suspended' });
    expect(await statuses()).toEqual([403, 403]);
    expectError(await author.send('/post', { type: 'post', content: 'Hello?' }), 403, 'USER_SUSPENDED');
    expect((await suspension('suspend')).body).toEqual({ name: AUTHOR, message: 'Already suspended' });
    expect((await suspension('reinstate')).body).toEqual({ name: AUTHOR, message: 'User reinstated' });
    expect(await statuses()).toEqual([200, 200]);
    expect((await suspension('reinstate')).body).toEqual({ name: AUTHOR, message: 'Not suspended' });
  });

  it.each([{}, { private: 'yes' }, { private: null }])('cannot become private by PATCH /me %j', async (body) => {
    expectError(await author.send('/me', body, 'PATCH'), 400, 'PRIVATE_INVALID');
  });

  it.each<[string, object, string]>([
    ['/requests/accept', {}, 'USER_MISSING'],
    ['/requests/accept', { accept: 'nobody_at_all' }, 'USER_NOT_FOUND'],
    ['/requests/decline', { accept: AUTHOR }, 'USER_MISSING'],
  ])('have no request that is answered by POST %s %j', async (path, body, code) => {
    expectError(await viewer.send(path, body), 400, code as never);
  });

  it.each(['/me/requests', '/me/requested'])('GET %s refuses what it cannot read', async (path) => {
    expectError(await viewer.get(`${path}?limit=0`), 400, 'LIMIT_INVALID');
    expectError(await viewer.get(`${path}?cursor=x`), 400, 'CURSOR_INVALID');
    expectError(await viewer.get(path, { 'consistency-token': 'x' }), 400, 'CONSISTENCY_TOKEN_INVALID');
  });
}
