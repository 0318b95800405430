import { get, register } from '../../load/traffic/api.ts';
import type { Gateway } from '../../load/traffic/gateway.ts';
import { ask } from '../../load/world/ask.ts';
import type { User } from '../../load/world/world.ts';
import { ADMIN_KEY } from '../bench-system.ts';

let count = 0;

/** Registers a user for this benchmark only. */
export async function newUser(gateway: Gateway): Promise<User & { id: number }> {
  const name = `bench-${count++}`;
  const { auth_token: key } = await ask(gateway, register(ADMIN_KEY, name));
  const { id } = await ask(gateway, get({ name, key }, '/me'));
  return { name, key, id };
}
