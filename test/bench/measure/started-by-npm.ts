import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts } from '../../harness/free-ports.ts';

/** Port variables. A second system needs its own ports. */
const PORTS = [
  'GATEWAY_PORT',
  'GATEWAY_METRICS_PORT',
  'SOCIAL_GRAPH_HTTP_PORT',
  'SOCIAL_GRAPH_PORT',
  'ACTIVITY_HTTP_PORT',
  'ACTIVITY_PORT',
  'FEED_HTTP_PORT',
  'FEED_PORT',
  'POSTGRES_PORT',
  'TIMESCALEDB_PORT',
  'KAFKA_PORT',
  'KAFKA_CONTROLLER_PORT',
  'REDIS_PORT',
];

export interface StartedSystem {
  readonly seconds: number;
  /** Stops the system and its servers. The data is kept. */
  stop(): Promise<void>;
}

/** Runs `npm start` until the gateway answers for a demo user's key. */
export async function startedByNpm(root: string, dataFolder: string, signal: AbortSignal): Promise<StartedSystem> {
  const ports = await freePorts(PORTS.length);
  // Do not use outside servers.
  const { POSTGRES_URL, TIMESCALEDB_URL, KAFKA_BROKERS, REDIS_URL, ...environment } = process.env;
  const own = Object.fromEntries(PORTS.map((name, index) => [name, String(ports[index])]));
  const env = { ...environment, ...own, INFRA: 'local', DATA_DIR: dataFolder };
  const startedAt = performance.now();
  const npm = spawn('npm', ['start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const exited = once(npm, 'exit');
  const stop = async () => {
    npm.kill('SIGTERM');
    await exited;
  };
  try {
    while (!(await knowsIvan(`http://127.0.0.1:${ports[0]}/me`))) {
      signal.throwIfAborted();
      if (npm.exitCode !== null) throw new Error(`npm start exited:\n${output}`);
      await pause(20);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { seconds: (performance.now() - startedAt) / 1_000, stop };
}

async function knowsIvan(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { headers: { 'x-app-key': 'abc123' } });
    return answer.ok && ((await answer.json()) as { name?: string }).name === 'ivan';
  } catch {
    return false;
  }
}
