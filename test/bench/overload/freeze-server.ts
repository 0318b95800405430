import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import type { Client } from 'pg';

/**
 * Stops all processes of the PostgreSQL server behind `client` until the returned function is called. Returns undefined
 * if they do not run on this machine or may not be stopped.
 */
export async function freezeServer(client: Client): Promise<(() => void) | undefined> {
  // The folder is null if this user may not see it.
  const { rows } = await client.query<{ pid: number; folder: string | null }>(
    `SELECT pg_backend_pid() AS pid, (SELECT setting FROM pg_settings WHERE name = 'data_directory') AS folder`,
  );
  const [{ pid, folder } = { pid: 0, folder: null }] = rows;
  const backend = processOf(pid);
  if (!backend || !isServerOf(backend.parent, folder)) return undefined;
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

/**
 * Whether `pid` is the server with that data folder, which is its working directory. The pids of a server on another
 * machine or in a container belong to other processes here.
 */
export function isServerOf(pid: number, folder: string | null): boolean {
  try {
    const isNumberedHere = readlinkSync(`/proc/${pid}/ns/pid`) === readlinkSync('/proc/self/ns/pid');
    return isNumberedHere && folder !== null && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder);
  } catch {
    return false;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // The process has ended meanwhile.
  }
}

const childrenOf = (parent: number) =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && processOf(pid)?.parent === parent);

function processOf(pid: number): { parent: number } | undefined {
  try {
    const [, parent] = /\) \w (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return { parent: Number(parent) };
  } catch {
    return undefined;
  }
}
