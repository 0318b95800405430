import openapi from '../../../docs/openapi.json';
import { type ApiClient, request, untilCarriedOut } from '../../harness/api-client';
import { eventually } from '../../harness/eventually';
import { ADMIN_KEY, type System } from '../../harness/system';
import { expectError } from '../expect-error';
import { type Door, NO_DOORS, READS, type Scene, WRITES } from './doors';

const DOORS = [...READS, ...WRITES];

interface State {
  title: string;
  enter(): Promise<unknown>;
  leave(): Promise<unknown>;
  closes(door: Door): boolean;
  marks?: true;
}

/** Declares the tests. */
export function testHiddenUsers(system: () => System): void {
  const [VIEWER, AUTHOR, FRIEND] = ['hiding_viewer', 'hiding_author', 'hiding_friend'] as const;
  let viewer: ApiClient;
  let author: ApiClient;
  let friend: ApiClient;
  let scene: Scene;

  beforeAll(async () => {
    [viewer, author, friend] = (await Promise.all([VIEWER, AUTHOR, FRIEND].map((name) => system().as(name)))) as [
      ApiClient,
      ApiClient,
      ApiClient,
    ];
    const [photo, other, friendsPhoto] = [await author.photo(), await author.photo(), await friend.photo()];
    await author.edit(photo, 'Sunset');
    for (const name of [AUTHOR, FRIEND]) await viewer.follow(name);
    await author.follow(FRIEND);
    await friend.follow(AUTHOR);
    await viewer.like(photo);
    await author.like(friendsPhoto);
    const { body } = await author.comment(friendsPhoto, 'Where?');
    await author.share(friendsPhoto);
    const viewersPhoto = await viewer.photo();
    await author.like(viewersPhoto);
    const authors = await author.share(viewersPhoto);
    await friend.comment(friendsPhoto, 'There', body.object_id);
    const friends = await friend.like(photo);
    const tokens = [authors, friends].map(({ headers }) => headers.get('consistency-token')).join();
    scene = {
      // Reads through the other gateway.
      viewer: viewer.at(system().address(1)).presenting(tokens),
      photo: viewersPhoto,
      author: { name: AUTHOR, photo, other, comment: `comment:${body.object_id}` },
      friend: { name: FRIEND, photo: friendsPhoto },
    };
  });

  const send = async (client: ApiClient, path: string, body: object, message: string) => {
    const answer = await untilCarriedOut(() => client.send(path, body));
    expect({ path, status: answer.status, body: answer.body }).toMatchObject({ path, status: 200, body: { message } });
    return answer;
  };

  /** Those of `doors` that are open. */
  async function open(doors: Door[]): Promise<string[]> {
    const are = await Promise.all(doors.map((door) => door.isOpen(scene)));
    return doors.filter((_, place) => are[place]).map(({ title }) => title);
  }

  /** Reads first: a write may change them. */
  const allOpen = async () => [...(await open(READS)), ...(await open(WRITES))];
  const titlesOf = (doors: Door[]) => doors.map(({ title }) => title);

  const unfollow = () => send(viewer, '/unfollow', { unfollow: AUTHOR }, 'User unfollowed');
  const setPrivate = (isPrivate: boolean) => untilCarriedOut(() => author.send('/me', { private: isPrivate }, 'PATCH'));
  const suspension = (change: 'suspend' | 'reinstate') => {
    const headers = { 'content-type': 'application/json', 'x-admin-key': ADMIN_KEY };
    const path = `/users/${AUTHOR}/${change}`;
    return untilCarriedOut(() => request(system().address(), path, { method: 'POST', headers, body: '{}' }));
  };
  /** The viewer requests to follow the author and is accepted, unless the request was made before. */
  const becomeFollower = async () => {
    await viewer.follow(AUTHOR);
    await send(author, '/requests/accept', { accept: VIEWER }, 'Request accepted');
  };

  /** In this order: from the first to the last of private accounts, the author's is private. */
  const STATES: State[] = [
    {
      title: 'whom the viewer blocks',
      enter: () => send(viewer, '/block', { block: AUTHOR }, 'User blocked'),
      leave: () => send(viewer, '/unblock', { unblock: AUTHOR }, 'User unblocked'),
      closes: ({ openForBlocker }) => !openForBlocker,
    },
    {
      title: 'who blocks the viewer',
      enter: () => send(author, '/block', { block: VIEWER }, 'User blocked'),
      leave: () => send(author, '/unblock', { unblock: VIEWER }, 'User unblocked'),
      closes: () => true,
    },
    {
      title: 'whom the viewer mutes',
      enter: () => send(viewer, '/mute', { mute: AUTHOR }, 'User muted'),
      leave: () => send(viewer, '/unmute', { unmute: AUTHOR }, 'User unmuted'),
      closes: ({ attention }) => attention === 'unasked',
      marks: true,
    },
    {
      title: 'whose shares the viewer mutes',
      enter: () => send(viewer, '/mute', { mute: AUTHOR, only: 'shares' }, 'User muted'),
      leave: () => send(viewer, '/unmute', { unmute: AUTHOR, only: 'shares' }, 'User unmuted'),
      closes: ({ share }) => share === true,
    },
    {
      title: 'whose account is private, and whom the viewer follows',
      enter: () => setPrivate(true),
      leave: async () => undefined,
      closes: () => false,
    },
    {
      title: 'whose account is private, and whom the viewer does not follow',
      enter: unfollow,
      leave: becomeFollower,
      closes: ({ openIfPrivate }) => !openIfPrivate,
    },
    {
      title: 'whose account is private, and who has not answered the request of the viewer',
      enter: async () => {
        await unfollow();
        await send(viewer, '/follow', { follow: AUTHOR }, 'Follow requested');
      },
      leave: becomeFollower,
      closes: ({ openIfPrivate }) => !openIfPrivate,
    },
    {
      title: 'whose account is private, and who has removed the viewer from the followers',
      enter: () => send(author, '/followers/remove', { remove: VIEWER }, 'Follower removed'),
      leave: becomeFollower,
      closes: ({ openIfPrivate }) => !openIfPrivate,
    },
    {
      title: 'whose account is public again, which accepts the request of the viewer',
      enter: async () => {
        await unfollow();
        await send(viewer, '/follow', { follow: AUTHOR }, 'Follow requested');
        await setPrivate(false);
        await eventually('the request is accepted', async () => {
          // The token of an unchanged follow is the stream’s newest version.
          return (await viewer.follow(AUTHOR)).body.message === 'Already followed' && (await isFollower());
        });
        await viewer.follow(AUTHOR);
      },
      leave: async () => undefined,
      closes: () => false,
    },
    {
      title: 'who is suspended',
      enter: () => suspension('suspend'),
      leave: () => suspension('reinstate'),
      closes: () => true,
    },
  ];

  const isFollower = async () => (await viewer.get(`/users/${AUTHOR}`)).body.you_follow;

  it('begin with all doors open', async () => {
    expect(await allOpen()).toEqual(titlesOf(DOORS));
  });

  it.each(STATES)('are behind closed doors: one $title', async ({ enter, leave, closes, marks }) => {
    await enter();
    expect(await allOpen()).toEqual(titlesOf(DOORS.filter((door) => !closes(door))));
    const marked = await Promise.all(READS.map(async (door) => (await door.marked?.(scene)) ?? marks));
    if (marks) expect(READS.filter((_, place) => !marked[place])).toEqual([]);
    await leave();
    // A block ends the follows, and an unblock does not bring them back.
    for (const [client, name] of [
      [viewer, AUTHOR],
      [author, FRIEND],
      [friend, AUTHOR],
    ] as const)
      await client.follow(name);
    expect(await allOpen()).toEqual(titlesOf(DOORS));
  });

  it('have no door besides those', () => {
    const routes = Object.entries(openapi.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const judged = new Set([...DOORS.map(({ route }) => route), ...NO_DOORS]);
    expect(routes.filter((route) => !judged.has(route))).toEqual([]);
    expect([...judged].filter((route) => !routes.includes(route))).toEqual([]);
  });

  it('leave a way back: what one did can be taken back across a block', async () => {
    const { photo } = scene.author;
    await viewer.share(photo);
    const { body } = await viewer.comment(photo, 'Nice');
    await send(author, '/block', { block: VIEWER }, 'User blocked');
    await send(viewer, '/activity', { verb: 'unlike', object: photo }, 'Like removed');
    await send(viewer, '/activity', { verb: 'unshare', object: photo }, 'Share removed');
    expectError(await viewer.send('/activity', { verb: 'unlike', object: photo }), 400, 'OBJECT_NOT_FOUND');
    const deleted = await viewer.remove(`comment:${body.object_id}`);
    expect(deleted.body.message).toBe('Object deleted');
    await send(viewer, '/mute', { mute: FRIEND }, 'User muted');
    expectError(await viewer.send('/mute', { mute: AUTHOR }), 400, 'USER_NOT_FOUND');
    for (const [path, field] of [
      ['/unfollow', 'unfollow'],
      ['/unmute', 'unmute'],
      ['/unblock', 'unblock'],
    ] as const) {
      expectError(await viewer.send(path, { [field]: AUTHOR }), 400, 'USER_NOT_FOUND');
    }
    await send(viewer, '/unmute', { unmute: FRIEND }, 'User unmuted');
    await send(author, '/unfollow', { unfollow: VIEWER }, 'Not followed');
    await send(author, '/unblock', { unblock: VIEWER }, 'User unblocked');
    const { body: seen } = await author.after(deleted).freshGet(`/objects/${photo}`);
    expect(seen).toMatchObject({ shares: 0, comments: 0 });
  });

  it('are listed for who hides them, newest first', async () => {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    await send(viewer, '/mute', { mute: AUTHOR.toUpperCase() }, 'User muted');
    await send(viewer, '/mute', { mute: AUTHOR }, 'Already muted');
    await send(viewer, '/mute', { mute: FRIEND, only: 'shares', until }, 'User muted');
    await send(viewer, '/mute', { mute: FRIEND, only: 'shares', until }, 'Already muted');
    const since = expect.any(String);
    const { body } = await viewer.get('/me/mutes?limit=1');
    const end = `${until.slice(0, -1)}000+00:00`;
    expect(body.users).toEqual([{ name: FRIEND, since, only: 'shares', until: end }]);
    expect((await viewer.get(body.next_url)).body).toEqual({ users: [{ name: AUTHOR, since }], next_url: '' });
    await send(viewer, '/unmute', { unmute: AUTHOR }, 'User unmuted');
    await send(viewer, '/unmute', { unmute: AUTHOR }, 'Not muted');
    await send(viewer, '/unmute', { unmute: FRIEND }, 'Not muted');
    await send(viewer, '/unmute', { unmute: FRIEND, only: 'shares' }, 'User unmuted');
    await send(viewer, '/block', { block: FRIEND }, 'User blocked');
    await send(viewer, '/block', { block: FRIEND }, 'Already blocked');
    expect((await viewer.get('/me/blocks')).body).toEqual({ users: [{ name: FRIEND, since }], next_url: '' });
    expect((await viewer.get(`/users/${FRIEND}`)).body).toEqual({ name: FRIEND, you_block: true });
    await send(viewer, '/unblock', { unblock: FRIEND }, 'User unblocked');
    await send(viewer, '/unblock', { unblock: FRIEND }, 'Not blocked');
    for (const list of ['blocks', 'mutes']) expect((await viewer.get(`/me/${list}`)).body.users).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['/block', {}, 'USER_MISSING'],
    ['/block', { block: 'nobody_at_all' }, 'USER_NOT_FOUND'],
    ['/block', { block: VIEWER }, 'CANNOT_BLOCK_SELF'],
    ['/unblock', { block: AUTHOR }, 'USER_MISSING'],
    ['/unblock', { unblock: VIEWER }, 'CANNOT_BLOCK_SELF'],
    ['/mute', { mute: 5 }, 'USER_MISSING'],
    ['/mute', { mute: VIEWER }, 'CANNOT_MUTE_SELF'],
    ['/mute', { mute: AUTHOR, only: 'likes' }, 'ONLY_INVALID'],
    ['/mute', { mute: AUTHOR, until: 'tomorrow' }, 'UNTIL_INVALID'],
    ['/mute', { mute: AUTHOR, until: '2020-01-01T00:00:00Z' }, 'UNTIL_INVALID'],
    ['/mute', { mute: AUTHOR, until: '9999-12-31T23:59:59-12:00' }, 'UNTIL_INVALID'],
    ['/unmute', { unmute: 'nobody_at_all' }, 'USER_NOT_FOUND'],
    ['/unmute', { unmute: AUTHOR, only: 1 }, 'ONLY_INVALID'],
  ])('cannot be hidden by POST %s %j', async (path, body, code) => {
    expectError(await viewer.send(path, body), 400, code as never);
  });

  it.each(['/me/blocks', '/me/mutes', '/me/requests', '/me/requested'])(
    'GET %s refuses what it cannot read',
    async (path) => {
      expectError(await viewer.get(`${path}?limit=0`), 400, 'LIMIT_INVALID');
      expectError(await viewer.get(`${path}?cursor=x`), 400, 'CURSOR_INVALID');
      expectError(await viewer.get(path, { 'consistency-token': 'x' }), 400, 'CONSISTENCY_TOKEN_INVALID');
    },
  );
}
