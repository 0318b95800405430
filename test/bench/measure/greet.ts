import { get } from '../../load/traffic/api.ts';
import { Gateway } from '../../load/traffic/gateway.ts';
import { ask } from '../../load/world/ask.ts';
import type { User } from '../../load/world/world.ts';

const CONNECTIONS = 128;

/** Each user reads a page, so that the gateway knows them all. Throws if one is refused. */
export async function greet(url: string, users: readonly User[]): Promise<void> {
  const gateway = new Gateway(url, CONNECTIONS);
  const rest = users.values();
  const worker = async () => {
    for (const user of rest) await ask(gateway, get(user, '/feed/friends?limit=1'));
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  await gateway.close();
}
