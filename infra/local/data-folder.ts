import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OperatorError, say } from '../console.ts';
import { run } from '../process/run.ts';
import { cacheFolder, isRoot } from './cache-folder.ts';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The user to run PostgreSQL as, or undefined for the current user. PostgreSQL refuses to run as root. */
export function postgresOwner(): Owner | undefined {
  if (!isRoot) return undefined;
  const nobody = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  if (!nobody) throw new OperatorError('PostgreSQL cannot run as root, and /etc/passwd has no user nobody to run it.');
  return { uid: Number(nobody[1]), gid: Number(nobody[2]) };
}

const link = (dataFolder: string) => join(dataFolder, 'servers');

/** A new folder next to the cache. Only the link in the data folder refers to it, so the project can be moved. */
function makeOutsideFolder(dataFolder: string): string {
  const folder = join(cacheFolder(), 'data');
  mkdirSync(folder, { recursive: true });
  const made = mkdtempSync(join(folder, `${basename(dirname(dataFolder))}-`));
  chmodSync(made, 0o755);
  return made;
}

/**
 * The folder of the servers' data: `servers` in the data folder. If the user that runs PostgreSQL cannot enter the data
 * folder, such as under /root, it is a link to a folder next to the cache.
 */
export async function serversFolder(dataFolder: string, owner: Owner | undefined): Promise<string> {
  const inside = link(dataFolder);
  mkdirSync(dataFolder, { recursive: true });
  if (!isLink(inside)) {
    if (existsSync(inside) || !owner || (await canEnter(dataFolder, owner))) {
      mkdirSync(inside, { recursive: true });
      return inside;
    }
    symlinkSync(makeOutsideFolder(dataFolder), inside);
  }
  const outside = readlinkSync(inside);
  mkdirSync(outside, { recursive: true });
  say(`  the user that runs PostgreSQL cannot enter ${dataFolder}; the servers' data is in ${outside}`);
  return outside;
}

/** Describes where the servers' data is, or undefined if there is none. */
export function serversPlace(dataFolder: string): string | undefined {
  const inside = link(dataFolder);
  if (isLink(inside)) return `${inside} and ${readlinkSync(inside)}, its target`;
  return existsSync(inside) ? inside : undefined;
}

export function removeServersFolder(dataFolder: string): void {
  const inside = link(dataFolder);
  if (isLink(inside)) rmSync(readlinkSync(inside), { recursive: true, force: true });
  rmSync(inside, { recursive: true, force: true });
}

const isLink = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;

async function canEnter(folder: string, owner: Owner): Promise<boolean> {
  const { code } = await run('/bin/sh', ['-c', 'cd "$0"', folder], { cwd: '/', ...owner });
  return code === 0;
}
