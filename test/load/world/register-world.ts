import { OperatorError } from '../../../infra/console.ts';
import { post, register } from '../traffic/api.ts';
import { zipf } from '../traffic/choose.ts';
import type { Gateway } from '../traffic/gateway.ts';
import { ask } from './ask.ts';
import { liftLimitsOf } from './lift-limits.ts';
import type { Probe, User, World } from './world.ts';

const FOLLOWEES = 20;
const FIRST_POSTS = 3;
const PROBES = 10;

/** Registers `count` users who post and follow one another. A few users have most of the followers. */
export async function registerWorld(gateway: Gateway, adminKey: string | undefined, count: number): Promise<World> {
  const admin = adminKey ?? missingAdminKey();
  const prefix = `load-${Date.now().toString(36)}`;
  const users = await registered(gateway, admin, count, (index) => `${prefix}-${index + 1}`);
  const followee = zipf(count);
  await Promise.all(users.map((user) => followSome(gateway, user, users, followee)));
  const objects = await Promise.all(users.map((user) => firstPosts(gateway, user)));
  return { users, objects: objects.flat(), probes: await registerProbes(gateway, admin, prefix) };
}

/** Registers pairs of an author and a follower for measuring freshness. */
export async function registerProbes(
  gateway: Gateway,
  adminKey: string,
  prefix = `load-${Date.now().toString(36)}`,
): Promise<Probe[]> {
  const authors = await registered(gateway, adminKey, PROBES, (index) => `${prefix}-author-${index + 1}`);
  const followers = await registered(gateway, adminKey, PROBES, (index) => `${prefix}-follower-${index + 1}`);
  const probes = authors.map((author, index) => ({ author, follower: followers[index] as User }));
  await Promise.all(
    probes.map(({ author, follower }) => ask(gateway, post(follower, '/follow', { follow: author.name }))),
  );
  return probes;
}

function registered(gateway: Gateway, adminKey: string, count: number, nameOf: (index: number) => string) {
  return Promise.all(
    Array.from({ length: count }, async (_, index): Promise<User> => {
      const { name, auth_token } = await ask(gateway, register(adminKey, nameOf(index)));
      await liftLimitsOf(gateway, adminKey, name);
      return { name, key: auth_token };
    }),
  );
}

async function followSome(gateway: Gateway, user: User, users: readonly User[], followee: () => number) {
  // At most half of the others, so that follows during the run find somebody new.
  const wanted = Math.min(FOLLOWEES, Math.ceil((users.length - 1) / 2));
  const chosen = new Set<User>();
  while (chosen.size < wanted) {
    const other = users[followee()] as User;
    if (other !== user) chosen.add(other);
  }
  for (const { name } of chosen) await ask(gateway, post(user, '/follow', { follow: name }));
}

async function firstPosts(gateway: Gateway, user: User): Promise<string[]> {
  const objects: string[] = [];
  for (let number = 1; number <= FIRST_POSTS; number++) {
    const body = { type: 'post', content: `Post ${number} by ${user.name}` };
    objects.push(`post:${(await ask(gateway, post(user, '/post', body))).object_id}`);
  }
  return objects;
}

function missingAdminKey(): never {
  throw new OperatorError(
    'Registering users requires the admin key: set --admin-key or ADMIN_KEY, or use the system that npm start runs.',
  );
}
