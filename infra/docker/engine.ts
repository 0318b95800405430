import { run } from '../process/run.ts';

const ANSWER_MS = 5000;

/** The reason why Docker cannot be used, or undefined if the engine answers and Compose is installed. */
export async function dockerObstacle(signal: AbortSignal): Promise<string | undefined> {
  const ask = (...args: string[]) => run('docker', args, { signal, timeoutMs: ANSWER_MS }).catch(() => undefined);
  const engine = await ask('version', '--format', '{{.Server.Version}}');
  signal.throwIfAborted();
  if (!engine) return 'the docker command is not installed';
  if (engine.code !== 0 || engine.stdout.trim() === '') return 'the Docker engine does not answer';
  const compose = await ask('compose', 'version', '--short');
  signal.throwIfAborted();
  return compose?.code === 0 ? undefined : 'docker compose is not installed';
}
