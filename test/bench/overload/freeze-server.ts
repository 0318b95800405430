import { readdirSync, readFileSync } from 'node:fs';
import type { Client } from 'pg';

/**
 * Stops all processes of the PostgreSQL server behind `client` until the function that it gives is called. Undefined
 * where they are not processes of this machine that may be stopped.
 */
export async function freezeServer(client: Client): Promise<(() => void) | undefined> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const backend = processOf(rows[0]?.pid as number);
  if (!backend?.command.includes('postgres')) return undefined;
  const family = () => [backend.parent, ...childrenOf(backend.parent)];
  const thaw = () => {
    for (const pid of family()) signal(pid, 'SIGCONT');
  };
  process.once('exit', thaw);
  try {
    process.kill(backend.parent, 'SIGSTOP');
  } catch {
    return undefined;
  }
  for (const pid of family()) signal(pid, 'SIGSTOP');
  return () => {
    process.off('exit', thaw);
    thaw();
  };
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}

const childrenOf = (parent: number) =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && processOf(pid)?.parent === parent);

function processOf(pid: number): { command: string; parent: number } | undefined {
  try {
    const [, parent] = /\) \w (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return { command: readFileSync(`/proc/${pid}/cmdline`, 'utf8'), parent: Number(parent) };
  } catch {
    return undefined;
  }
}
