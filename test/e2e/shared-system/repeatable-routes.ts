import type { ApiClient } from '../../harness/api-client';
import { eventually } from '../../harness/eventually';
import type { KeyedRequest } from '../../harness/keyed-requests';

/** Users who have done nothing yet. */
export interface Cast {
  user: ApiClient;
  other: ApiClient;
  /** The name of the other one. */
  name: string;
  nameOfUser: string;
}

type Route = (cast: Cast) => Promise<KeyedRequest> | KeyedRequest;

const asksToFollow = async ({ user, other, nameOfUser }: Cast) => {
  await user.send('/me', { private: true }, 'PATCH');
  await other.follow(nameOfUser);
};

/** For each route of the OpenAPI document that accepts idempotency keys, a request that changes something. */
export const REPEATABLE_ROUTES: Record<string, Route> = {
  'post /post': () => ({ path: '/post', body: { type: 'post', content: 'Once' } }),
  'post /activity': async ({ other }) => {
    return { path: '/activity', body: { verb: 'share', object: await other.photo() } };
  },
  'post /follow': ({ name }) => ({ path: '/follow', body: { follow: name } }),
  'post /unfollow': async ({ user, name }) => {
    await user.follow(name);
    return { path: '/unfollow', body: { unfollow: name } };
  },
  'post /followers/remove': async ({ other, name, nameOfUser }) => {
    await other.follow(nameOfUser);
    return { path: '/followers/remove', body: { remove: name } };
  },
  'post /requests/accept': async (cast) => {
    await asksToFollow(cast);
    return { path: '/requests/accept', body: { accept: cast.name } };
  },
  'post /requests/decline': async (cast) => {
    await asksToFollow(cast);
    return { path: '/requests/decline', body: { decline: cast.name } };
  },
  'post /block': ({ name }) => ({ path: '/block', body: { block: name } }),
  'post /unblock': async ({ user, name }) => {
    await user.send('/block', { block: name });
    return { path: '/unblock', body: { unblock: name } };
  },
  'post /mute': ({ name }) => ({ path: '/mute', body: { mute: name } }),
  'post /unmute': async ({ user, name }) => {
    await user.send('/mute', { mute: name });
    return { path: '/unmute', body: { unmute: name } };
  },
  'post /notifications/seen': async (cast) => {
    await likedPhoto(cast);
    return { path: '/notifications/seen', body: {} };
  },
  'post /notifications/read': async (cast) => ({
    path: '/notifications/read',
    body: { ids: [await likedPhoto(cast)] },
  }),
  'post /me/keys': () => ({ path: '/me/keys', body: { name: 'script' } }),
  'delete /me/keys/{id}': async ({ user }) => {
    const { body } = await user.send('/me/keys', { name: 'script' });
    return { method: 'DELETE', path: `/me/keys/${body.id}` };
  },
  'patch /me': () => ({ method: 'PATCH', path: '/me', body: { private: true } }),
  'patch /objects/{object}': async ({ user }) => {
    return { method: 'PATCH', path: `/objects/${await user.photo()}`, body: { content: 'Sunset' } };
  },
  'delete /objects/{object}': async ({ user }) => ({ method: 'DELETE', path: `/objects/${await user.photo()}` }),
  'post /objects/{object}/restore': async ({ user }) => {
    const photo = await user.photo();
    await user.remove(photo);
    return { path: `/objects/${photo}/restore`, body: {} };
  },
  'post /objects/{object}/comments': async ({ other }) => {
    return { path: `/objects/${await other.photo()}/comments`, body: { content: 'Once' } };
  },
  'delete /objects/{object}/history/{version}': async ({ user }) => {
    const photo = await user.photo();
    await user.edit(photo, 'Sunset');
    return { method: 'DELETE', path: `/objects/${photo}/history/1` };
  },
};

/** Returns the id of the user's notification about a like. */
async function likedPhoto({ user, other }: Cast): Promise<string> {
  await other.like(await user.photo());
  return eventually('the like is a notification', async () => {
    const { body } = await user.servedGet('/notifications');
    return body.notifications?.[0]?.id as string | undefined;
  });
}
