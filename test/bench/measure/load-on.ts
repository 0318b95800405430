import type { LoadResult } from '../../load/load-result.ts';
import { runLoad } from '../../load/run-load.ts';
import { Gateway } from '../../load/traffic/gateway.ts';
import { registerProbes } from '../../load/world/register-world.ts';
import type { Probe } from '../../load/world/world.ts';
import { ADMIN_KEY } from '../bench-system.ts';
import type { BenchContext, BenchWorld } from '../context.ts';

/** Pairs of author and follower for measuring freshness. */
export async function probesOf({ system }: BenchWorld): Promise<Probe[]> {
  const gateway = new Gateway(system.url, 8);
  const probes = await registerProbes(gateway, ADMIN_KEY);
  await gateway.close();
  return probes;
}

/** Sends load at a fixed rate with 90 % reads. Popular users are the most active. */
export function loadOn(
  { signal }: BenchContext,
  { system, users }: BenchWorld,
  rate: number,
  duration: number,
  probes: readonly Probe[] = [],
): Promise<LoadResult> {
  const world = { users, objects: [], probes };
  return runLoad({ url: system.url, rate, duration, reads: 90, users: 'zipf', depth: 1, world }, signal);
}
