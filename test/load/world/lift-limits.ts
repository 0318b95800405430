import { liftLimits } from '../traffic/api.ts';
import type { Gateway } from '../traffic/gateway.ts';
import { ask } from './ask.ts';

/** Lets `name` send without rate limits, so that the load is not refused. A gateway of an earlier version has none to lift. */
export async function liftLimitsOf(gateway: Gateway, adminKey: string, name: string): Promise<void> {
  await ask(gateway, liftLimits(adminKey, name), [404, 405]);
}
