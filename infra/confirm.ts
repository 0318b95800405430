import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { OperatorError, say } from './console.ts';

/**
 * Asks whether to delete `what`, which it names; true at once with `sure`. Without a terminal nobody can be asked, and
 * nothing is deleted.
 */
export async function confirmDeletion(what: readonly string[], sure: boolean, signal: AbortSignal): Promise<boolean> {
  say(`This deletes the data of the local system:\n${what.map((line) => `  ${line}`).join('\n')}`);
  if (sure) return true;
  if (!process.stdin.isTTY) {
    throw new OperatorError('Nothing is deleted: there is no terminal to ask. `npm run reset -- --yes` does not ask.');
  }
  // Not a readline of its own for the terminal: Ctrl-C is to reach the process.
  const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: false });
  try {
    // Ctrl-D closes it without an answer.
    const closed = once(lines, 'close').then(() => '');
    const answer = await Promise.race([lines.question('Delete it? [y/N] ', { signal }), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
