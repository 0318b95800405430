import { build } from './build.ts';
import type { NamedPort } from './process/ports.ts';
import { bringUpServers } from './servers/bring-up.ts';
import type { RunningServers } from './servers/running-servers.ts';
import type { InfraSettings } from './settings.ts';

/** Starts the servers and builds at the same time. If one of them fails, stops the other before it throws. */
export async function bringUpAndBuild(
  settings: InfraSettings,
  ports: readonly NamedPort[],
  stopRequested: AbortSignal,
): Promise<RunningServers> {
  const failed = new AbortController();
  const signal = AbortSignal.any([stopRequested, failed.signal]);
  let firstFailure: unknown;
  const noting = (error: unknown) => {
    firstFailure ??= error;
    failed.abort(error);
    throw error;
  };
  const [servers, built] = await Promise.allSettled([
    bringUpServers(settings, ports, signal).catch(noting),
    build(settings.root, signal).catch(noting),
  ]);
  if (servers.status === 'fulfilled' && built.status === 'fulfilled') return servers.value;
  if (servers.status === 'fulfilled') await servers.value.stop();
  throw firstFailure;
}
