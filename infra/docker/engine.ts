import { run } from '../process/run.ts';

const ANSWER_MS = 5000;

/** Why Docker cannot be used here, or undefined when an engine answers and Compose is there. */
export async function dockerObstacle(signal: AbortSignal): Promise<string | undefined> {
  const ask = (...args: string[]) => run('docker', args, { signal, timeoutMs: ANSWER_MS }).catch(() => undefined);
  const engine = await ask('version', '--format', '{{.Server.Version}}');
  signal.throwIfAborted();
  if (!engine) return 'no docker command';
  if (engine.code !== 0 || engine.stdout.trim() === '') return 'no Docker engine answers';
  const compose = await ask('compose', 'version', '--short');
  signal.throwIfAborted();
  return compose?.code === 0 ? undefined : 'docker compose is missing';
}
