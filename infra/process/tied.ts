import { spawnSync } from 'node:child_process';

let available: boolean | undefined;

/** Puts `setpriv --pdeathsig` before a command where there is one: it then ends with its parent, kill -9 included. */
export function tied(signal: NodeJS.Signals, command: string, args: readonly string[]): [string, string[]] {
  available ??= spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true']).status === 0;
  if (!available) return [command, [...args]];
  return ['setpriv', ['--pdeathsig', signal.slice('SIG'.length), '--', command, ...args]];
}
