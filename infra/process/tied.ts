import { spawnSync } from 'node:child_process';

let available: boolean | undefined;

/** Runs a command under `setpriv --pdeathsig`, if installed, so that it ends with its parent even after kill -9. */
export function tied(signal: NodeJS.Signals, command: string, args: readonly string[]): [string, string[]] {
  available ??= spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true']).status === 0;
  if (!available) return [command, [...args]];
  return ['setpriv', ['--pdeathsig', signal.slice('SIG'.length), '--', command, ...args]];
}
