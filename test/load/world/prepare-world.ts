import type { FeedEntry } from '@activity-feed/contracts';
import type { LoadOptions } from '../options.ts';
import { get } from '../traffic/api.ts';
import { Gateway } from '../traffic/gateway.ts';
import { ask } from './ask.ts';
import { usersOfFile } from './keys-file.ts';
import { liftLimitsOf } from './lift-limits.ts';
import { registerProbes, registerWorld } from './register-world.ts';
import type { User, World } from './world.ts';

const CONNECTIONS = 16;
/** The most active users of a keys file, whose limits are lifted and whose first pages are read. */
const READERS = 200;

type WorldOptions = Pick<LoadOptions, 'url' | 'count' | 'keysFile' | 'adminKey'>;

/** The world of a run: newly registered users, or the users of the keys file. */
export async function prepareWorld(options: WorldOptions, stopRequested: AbortSignal): Promise<World> {
  const gateway = new Gateway(options.url, CONNECTIONS);
  const cut = () => void gateway.cut();
  stopRequested.addEventListener('abort', cut);
  try {
    return await (options.keysFile ? givenWorld(gateway, options) : ownWorld(gateway, options));
  } finally {
    stopRequested.removeEventListener('abort', cut);
    await gateway.cut();
  }
}

async function ownWorld(gateway: Gateway, { adminKey, count }: WorldOptions): Promise<World> {
  const world = await registerWorld(gateway, adminKey, count);
  await objectsSeenBy(gateway, world.users);
  return world;
}

async function givenWorld(gateway: Gateway, { keysFile, adminKey }: WorldOptions): Promise<World> {
  const users = usersOfFile(keysFile as string);
  if (adminKey) await Promise.all(users.slice(0, READERS).map(({ name }) => liftLimitsOf(gateway, adminKey, name)));
  const objects = await objectsSeenBy(gateway, users);
  const probes = adminKey ? await registerProbes(gateway, adminKey) : [];
  return { users, objects, probes };
}

/** Also warms up: the first read of these users should not be measured. */
async function objectsSeenBy(gateway: Gateway, users: readonly User[]): Promise<string[]> {
  const pages = await Promise.all(users.slice(0, READERS).map((user) => ask(gateway, get(user, '/feed/friends'))));
  const entries: FeedEntry[] = pages.flatMap((page) => page.friends_feed);
  const objects = entries.filter(({ object_type }) => object_type === 'post' || object_type === 'photo');
  return [...new Set(objects.map(({ object_type, object_id }) => `${object_type}:${object_id}`))];
}
