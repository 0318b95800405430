import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type ServerAddresses, type ServerName, serverNames } from '../../../infra/settings.ts';

/** In /proc/net/tcp. */
const LISTENING = '0A';

/**
 * The process of each server: the one that listens on its port. Throws if one cannot be found, as when servers run in containers or
 * on another machine.
 */
export function serverProcesses(addresses: ServerAddresses): Record<ServerName, number> {
  const found = serverNames.map((name) => [name, listeningOn(portOf(addresses[name]))] as const);
  const missing = found.find(([, pid]) => pid === undefined);
  if (missing) throw new Error(`no process of this machine that may be looked at listens as ${missing[0]}`);
  return Object.fromEntries(found) as Record<ServerName, number>;
}

const portOf = (address: string) => Number(/:(\d+)(?:\/|$)/.exec(address.replace(/^.*@/, ''))?.[1]);

/** The first of those that share the socket: a server is older than what it forks. */
function listeningOn(port: number): number | undefined {
  const wanted = new Set(['tcp', 'tcp6'].flatMap((file) => socketsIn(`/proc/net/${file}`, port)));
  const pids = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? Number(name) : []));
  return pids.sort((a, b) => a - b).find((pid) => filesOf(pid).some((file) => wanted.has(file)));
}

function socketsIn(file: string, port: number): string[] {
  const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  return rows.flatMap((row) => {
    const [, local = '', , state, , , , , , inode] = row.trim().split(/\s+/);
    return state === LISTENING && Number.parseInt(local.split(':')[1] as string, 16) === port
      ? `socket:[${inode}]`
      : [];
  });
}

function filesOf(pid: number): string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).map((file) => readlinkSync(`${folder}/${file}`));
  } catch {
    // It has ended, or belongs to another user.
    return [];
  }
}
