import { decodeFeedPosition, encodeFeedPosition, LOG_START } from '@activity-feed/contracts';
import { type ApiAnswer, type ApiClient, untilCarriedOut } from '../../harness/api-client';

/** What the doors lead to. */
export interface Scene {
  viewer: ApiClient;
  /** The viewer's, which the author likes and shares. */
  photo: string;
  /** Whom the viewer hides, or who hides from the viewer. */
  author: { name: string; photo: string; other: string; comment: string };
  /** Whom everybody sees, with a photo that the author liked, shared and commented on. */
  friend: { name: string; photo: string };
}

/** A way to something that the author did or has. */
export interface Door {
  title: string;
  /** As in the OpenAPI document. */
  route: string;
  /** Mutes close the doors to what comes unasked. Blocks close all. */
  attention: 'asked' | 'unasked';
  /** Whether it leads to shares by the author. */
  share?: true;
  /** Whether the viewer who blocks the author still gets through. */
  openForBlocker?: true;
  /** Whether it shows no more than that there is a private account. */
  openIfPrivate?: true;
  /** Whether what is behind it says that its user is muted. */
  marked?(scene: Scene): Promise<boolean>;
  isOpen(scene: Scene): Promise<boolean>;
}

// biome-ignore lint/suspicious/noExplicitAny: any response body
type Body = any;

const idOf = (object: string) => Number(object.slice(object.indexOf(':') + 1));
const get = async ({ viewer }: Scene, path: string): Promise<ApiAnswer> => viewer.freshGet(path);
const read = async (scene: Scene, path: string): Promise<Body> => (await get(scene, path)).body;
const exists = async (scene: Scene, path: string) => (await get(scene, path)).status === 200;

type Entry = { actor_name: string; verb: string; object_id?: number; object_ids?: number[] };
const isAbout = (object: string, { object_id, object_ids = [] }: Entry) =>
  object_id === idOf(object) || object_ids.includes(idOf(object));
const has = (body: Body, is: (entry: Entry) => boolean) =>
  ((body.friends_feed ?? body.my_feed ?? body.user_feed ?? []) as Entry[]).some(is);

/** Instead of a query: everything that the readers have of the log. */
const SINCE_START = ' since the start';
const withQuery = async (scene: Scene, path: string, query: string): Promise<string> => {
  if (query !== SINCE_START) return path + query;
  const { newer_url } = await read(scene, '/feed/my?limit=1');
  const position = decodeFeedPosition(new URLSearchParams(newer_url.split('?')[1]).get('since') ?? '');
  const start = encodeFeedPosition({ epoch: position?.epoch ?? 0, log: LOG_START });
  return `${path}?limit=200&since=${start}`;
};

const by = (name: string, verb: string) => (entry: Entry) => entry.actor_name === name && entry.verb === verb;
/** What the author posted and shared, and what the friend did with something of the author. */
const inFriendsFeed = (query: string): Door[] => [
  {
    title: `posts in the friends feed${query}`,
    route: 'GET /feed/friends',
    attention: 'unasked',
    isOpen: async (scene) =>
      has(await read(scene, await withQuery(scene, `/feed/friends`, query)), by(scene.author.name, 'post')),
  },
  {
    title: `shares in the friends feed${query}`,
    route: 'GET /feed/friends',
    attention: 'unasked',
    share: true,
    isOpen: async (scene) =>
      has(await read(scene, await withQuery(scene, `/feed/friends`, query)), by(scene.author.name, 'share')),
  },
  {
    title: `likes of others in the friends feed${query}`,
    route: 'GET /feed/friends',
    attention: 'unasked',
    isOpen: async (scene) => {
      const isLike = by(scene.friend.name, 'like');
      return has(
        await read(scene, await withQuery(scene, `/feed/friends`, query)),
        (entry) => isLike(entry) && isAbout(scene.author.photo, entry),
      );
    },
  },
  {
    title: `one’s own likes in one’s feed${query}`,
    route: 'GET /feed/my',
    attention: 'asked',
    isOpen: async (scene) =>
      has(
        await read(scene, await withQuery(scene, `/feed/my`, query)),
        (entry) => entry.verb === 'like' && isAbout(scene.author.photo, entry),
      ),
  },
  {
    title: `the author’s feed${query}`,
    route: 'GET /users/{name}/feed',
    attention: 'asked',
    isOpen: async (scene) =>
      has(
        await read(scene, await withQuery(scene, `/users/${scene.author.name}/feed`, query)),
        by(scene.author.name, 'post'),
      ),
  },
  {
    title: `likes in the feed of others${query}`,
    route: 'GET /users/{name}/feed',
    attention: 'asked',
    isOpen: async (scene) =>
      has(await read(scene, await withQuery(scene, `/users/${scene.friend.name}/feed`, query)), (entry) =>
        isAbout(scene.author.photo, entry),
      ),
  },
];

const totals = async (scene: Scene, feed: 'my' | 'friends') =>
  (await read(scene, `/feed/${feed}/summary?days=2`))[`${feed}_summary`].totals;

const isListed = (entries: Body[], name: string) =>
  entries?.find((entry) => (entry.name ?? entry.user_name) === name) as Body | undefined;

const listOf = (list: 'likes' | 'shares' | 'comments'): Door => ({
  title: `the ${list} of an object`,
  route: `GET /objects/{object}/${list}`,
  attention: 'asked',
  isOpen: async (scene) => {
    const body = await read(scene, `/objects/${scene.friend.photo}/${list}?limit=2`);
    return isListed(body[list], scene.author.name) !== undefined;
  },
  marked: async (scene) => {
    const body = await read(scene, `/objects/${scene.friend.photo}/${list}?limit=2`);
    return isListed(body[list], scene.author.name)?.muted === true;
  },
});

/** Doors that exist or not. The lists of a private account exist, and are empty. */
const EXISTING: [route: string, path: (scene: Scene) => string, openIfPrivate?: true][] = [
  ['GET /objects/{object}', ({ author }) => `/objects/${author.comment}`],
  ['GET /objects/{object}/likes', ({ author }) => `/objects/${author.photo}/likes`],
  ['GET /objects/{object}/shares', ({ author }) => `/objects/${author.photo}/shares`],
  ['GET /objects/{object}/comments', ({ author }) => `/objects/${author.photo}/comments`],
  ['GET /objects/{object}/comments', ({ author }) => `/objects/${author.comment}/comments`],
  ['GET /objects/{object}/history', ({ author }) => `/objects/${author.photo}/history`],
  ['GET /users/{name}/followers', ({ author }) => `/users/${author.name}/followers`, true],
  ['GET /users/{name}/following', ({ author }) => `/users/${author.name}/following`, true],
];

type Notified = { verb: string; object_id: number | null; actor_names: string[] };
const isByAuthor = ({ photo, author }: Scene, { object_id, actor_names }: Notified) =>
  object_id === idOf(photo) && actor_names.includes(author.name);
const notifications = async (scene: Scene, query = ''): Promise<Notified[]> =>
  (await read(scene, await withQuery(scene, '/notifications', query))).notifications;
const isNotified = async (scene: Scene, verb: string, query?: string) =>
  (await notifications(scene, query)).some((one) => one.verb === verb && isByAuthor(scene, one));

/** What the author did with the viewer's photo. */
const NOTIFICATIONS: Door[] = [
  {
    title: 'notifications of likes',
    route: 'GET /notifications',
    attention: 'unasked',
    isOpen: (scene) => isNotified(scene, 'like'),
  },
  {
    title: 'notifications of shares',
    route: 'GET /notifications',
    attention: 'unasked',
    share: true,
    isOpen: (scene) => isNotified(scene, 'share'),
  },
  {
    title: 'notifications of likes since the start',
    route: 'GET /notifications',
    attention: 'unasked',
    isOpen: (scene) => isNotified(scene, 'like', SINCE_START),
  },
  {
    title: 'the count of notifications',
    route: 'GET /notifications/count',
    attention: 'unasked',
    isOpen: async (scene) => {
      const ofOthers = (await notifications(scene)).filter((one) => !isByAuthor(scene, one));
      return (await read(scene, '/notifications/count')).unseen > ofOthers.length;
    },
  },
];

/** Ways to read; none changes anything. */
export const READS: Door[] = [
  ...['?limit=200', '?limit=200&group=day', SINCE_START].flatMap(inFriendsFeed),
  {
    title: 'posts in the summary of the friends feed',
    route: 'GET /feed/friends/summary',
    attention: 'unasked',
    isOpen: async (scene) => (await totals(scene, 'friends')).post === 3,
  },
  {
    title: 'shares in the summary of the friends feed',
    route: 'GET /feed/friends/summary',
    attention: 'unasked',
    share: true,
    isOpen: async (scene) => (await totals(scene, 'friends')).share === 2,
  },
  {
    title: 'likes in one’s own summary',
    route: 'GET /feed/my/summary',
    attention: 'asked',
    isOpen: async (scene) => (await totals(scene, 'my')).like >= 1,
  },
  ...['all', 'friends'].map(
    (among): Door => ({
      title: `trends among ${among}`,
      route: 'GET /trending',
      attention: 'unasked',
      isOpen: async (scene) => {
        const { trending } = await read(scene, `/trending?window=1h&among=${among}&limit=100`);
        return trending.some((entry: Entry) => isAbout(scene.author.photo, entry));
      },
    }),
  ),
  {
    title: 'the author’s profile',
    route: 'GET /users/{name}',
    attention: 'asked',
    openIfPrivate: true,
    isOpen: async (scene) => (await read(scene, `/users/${scene.author.name}`)).created_at !== undefined,
    marked: async (scene) => (await read(scene, `/users/${scene.author.name}`)).you_mute === true,
  },
  {
    title: 'names',
    route: 'GET /users',
    attention: 'asked',
    openForBlocker: true,
    openIfPrivate: true,
    isOpen: async (scene) =>
      isListed((await read(scene, `/users?prefix=${scene.author.name}`)).users, scene.author.name) !== undefined,
  },
  ...(['followers', 'following'] as const).map(
    (list): Door => ({
      title: `the author’s ${list}`,
      route: `GET /users/{name}/${list}`,
      attention: 'asked',
      isOpen: async (scene) =>
        isListed((await read(scene, `/users/${scene.author.name}/${list}`)).users, scene.friend.name) !== undefined,
    }),
  ),
  ...(['followers', 'following'] as const).map(
    (list): Door => ({
      title: `the ${list} of others`,
      route: `GET /users/{name}/${list}`,
      attention: 'asked',
      isOpen: async (scene) =>
        isListed((await read(scene, `/users/${scene.friend.name}/${list}`)).users, scene.author.name) !== undefined,
    }),
  ),
  {
    title: 'an object',
    route: 'GET /objects/{object}',
    attention: 'asked',
    isOpen: (scene) => exists(scene, `/objects/${scene.author.photo}`),
    marked: async (scene) => (await read(scene, `/objects/${scene.author.photo}`)).muted === true,
  },
  {
    title: 'several objects',
    route: 'GET /objects',
    attention: 'asked',
    isOpen: async (scene) => {
      const { objects } = await read(scene, `/objects?names=${scene.author.photo},${scene.friend.photo}`);
      return objects.some(({ owner_name }: Body) => owner_name === scene.author.name);
    },
    marked: async (scene) => (await read(scene, `/objects?names=${scene.author.photo}`)).objects[0]?.muted === true,
  },
  {
    title: 'the objects of a page',
    route: 'GET /feed/my',
    attention: 'asked',
    isOpen: async (scene) =>
      Boolean((await read(scene, '/feed/my?expand=objects&limit=200')).objects[scene.author.photo]),
    marked: async (scene) =>
      (await read(scene, '/feed/my?expand=objects&limit=200')).objects[scene.author.photo]?.muted === true,
  },
  ...(['likes', 'shares', 'comments'] as const).map(listOf),
  ...NOTIFICATIONS,
  ...EXISTING.map(
    ([route, path, openIfPrivate], place): Door => ({
      title: `existence ${place + 1}`,
      route,
      attention: 'asked',
      ...(openIfPrivate && { openIfPrivate }),
      isOpen: (scene) => exists(scene, path(scene)),
    }),
  ),
];

const NOT_THERE = [400, 404];

/** Ways to write, by the path and body of a request that is refused where the author's things do not exist. */
const WRITING: [
  route: string,
  path: (scene: Scene) => string,
  body: (scene: Scene) => object | undefined,
  openIfPrivate?: true,
][] = [
  ['POST /follow', () => '/follow', ({ author }) => ({ follow: author.name }), true],
  ['POST /activity', () => '/activity', ({ author }) => ({ verb: 'like', object: author.other })],
  ['POST /activity', () => '/activity', ({ author }) => ({ verb: 'share', object: author.other })],
  ['POST /activity', () => '/activity', ({ author }) => ({ verb: 'like', object: author.comment })],
  ['POST /objects/{object}/comments', ({ author }) => `/objects/${author.other}/comments`, () => ({ content: 'Hm' })],
  [
    'POST /objects/{object}/comments',
    ({ friend }) => `/objects/${friend.photo}/comments`,
    ({ author }) => ({ content: 'Hm', reply_to: idOf(author.comment) }),
  ],
  ['PATCH /objects/{object}', ({ author }) => `/objects/${author.photo}`, () => ({ content: 'Mine' })],
  ['POST /objects/{object}/restore', ({ author }) => `/objects/${author.photo}/restore`, () => ({})],
  ['DELETE /objects/{object}', ({ author }) => `/objects/${author.photo}`, () => undefined],
  ['DELETE /objects/{object}/history/{version}', ({ author }) => `/objects/${author.photo}/history/1`, () => undefined],
];

export const WRITES: Door[] = WRITING.map(([route, path, bodyOf, openIfPrivate], place) => ({
  title: `write ${place + 1}`,
  route,
  attention: 'asked',
  ...(openIfPrivate && { openIfPrivate }),
  isOpen: async (scene) => {
    const [method] = route.split(' ') as [string];
    const body = bodyOf(scene);
    const write = () => (body ? scene.viewer.send(path(scene), body, method) : scene.viewer.delete(path(scene)));
    const { status } = await untilCarriedOut(write);
    return !NOT_THERE.includes(status);
  },
}));

/** Routes that show nothing that anybody else did or has, or that leave something only to undo. */
export const NO_DOORS = [
  'GET /me',
  'PATCH /me',
  'GET /me/position',
  'PUT /me/position',
  'GET /me/keys',
  'POST /me/keys',
  'DELETE /me/keys/{id}',
  'POST /requests/accept',
  'POST /requests/decline',
  'GET /me/requests',
  'GET /me/requested',
  'POST /post',
  'POST /tickets',
  // The random worlds compare them with the model.
  'GET /feed/friends/stream',
  'GET /notifications/stream',
  'POST /notifications/seen',
  'POST /notifications/read',
  'POST /unfollow',
  'POST /followers/remove',
  'POST /block',
  'POST /unblock',
  'GET /me/blocks',
  'POST /mute',
  'POST /unmute',
  'GET /me/mutes',
  'POST /users',
  'POST /users/{name}/suspend',
  'POST /users/{name}/reinstate',
  'POST /users/{name}/keys',
  'DELETE /users/{name}/keys',
  'GET /users/{name}/limits',
  'PUT /users/{name}/limits',
  'GET /stats',
  'GET /health/live',
  'GET /health/ready',
  'GET /openapi.json',
];
