import { join, relative, resolve } from 'node:path';
import { bringUpAndBuild } from './bring-up-and-build.ts';
import { runCommand } from './command.ts';
import { OperatorError, say } from './console.ts';
import { keptSecret } from './kept-secret.ts';
import { chooseObserveWay } from './observability/local/observe.ts';
import { observeSettings, wantsToObserve } from './observability/local/observe-settings.ts';
import type { Observer } from './observability/local/observer.ts';
import { releaseLock, takeLock } from './process/lock.ts';
import type { RunningServers } from './servers/running-servers.ts';
import { buildOnSave } from './services/build-on-save.ts';
import { type RunningServices, runServices } from './services/run-services.ts';
import { infraSettings, servicePorts, serviceSettings } from './settings.ts';
import { startLock } from './start-lock.ts';

const root = resolve(import.meta.dirname, '..');

interface Options {
  command: 'start' | 'dev';
  /** Whether to rebuild changed files and restart the services that use them. */
  watch: boolean;
}

/** Runs the servers and services until a stop is requested. */
export const runSystem = ({ command, watch }: Options): Promise<void> =>
  runCommand(async (stopRequested) => {
    const observes = wantsToObserve(process.argv.slice(2), command);
    const infra = infraSettings(root, process.env, 'start');
    const services = serviceSettings(process.env);
    const lock = startLock(infra);
    const holder = takeLock(lock);
    if (holder !== undefined) throw new OperatorError(`The system is already running (process ${holder}).`);

    let servers: RunningServers | undefined;
    let running: RunningServices | undefined;
    let observer: Observer | undefined;
    let stopBuilding: (() => void) | undefined;
    try {
      const observing = observes
        ? await chooseObserveWay(infra, observeSettings(process.env), stopRequested)
        : undefined;
      const ports = [...servicePorts(services), ...(observing?.ports ?? [])];
      servers = await bringUpAndBuild(infra, ports, stopRequested);
      const adminKey = services.adminKey ?? keptSecret(join(infra.dataFolder, 'admin-key'));
      const serviceSecret = services.serviceSecret ?? keptSecret(join(infra.dataFolder, 'service-secret'));
      const system = { infra, services, servers: servers.addresses, adminKey, serviceSecret, watch };
      running = await runServices(system, stopRequested);
      for (const server of servers.processes) void server.keepRunning();
      running.keepRunning();
      observer = await observing?.start(services, stopRequested);
      if (watch) stopBuilding = buildOnSave(root);
      const shownKey = services.adminKey === undefined ? adminKey : '(from ADMIN_KEY)';
      welcome(services.ports.gateway.http.port, {
        'Admin key': shownKey,
        Logs: `${relative(root, join(infra.dataFolder, 'logs'))}/`,
        ...observer?.addresses,
      });
      if (!stopRequested.aborted) await new Promise((stop) => stopRequested.addEventListener('abort', stop));
      return 0;
    } finally {
      if (stopRequested.aborted) say('\n· Stopping …');
      const startedAt = performance.now();
      stopBuilding?.();
      await observer?.stop();
      await running?.stop();
      await servers?.stop();
      releaseLock(lock);
      if (stopRequested.aborted) say(`✓ Stopped (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
    }
  });

function welcome(port: number, shown: Record<string, string>): void {
  const lines = Object.entries({ 'API docs': `http://127.0.0.1:${port}/docs`, ...shown });
  say(`
The system is running. Try it:

  curl -H 'X-App-Key: abc123' http://127.0.0.1:${port}/me

${lines.map(([name, value]) => `  ${name.padEnd(10)} ${value}`).join('\n')}

Press Ctrl-C to stop it. Its data is kept for the next start.
`);
}
