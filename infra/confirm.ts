import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { OperatorError, say } from './console.ts';

/** Lists `what` and asks whether to delete it, unless `sure`. Throws if it has to ask and there is no terminal. */
export async function confirmDeletion(what: readonly string[], sure: boolean, signal: AbortSignal): Promise<boolean> {
  say(`This deletes the data of the local system:\n\n${what.map((line) => `  ${line}`).join('\n')}\n`);
  if (sure) return true;
  if (!process.stdin.isTTY) {
    throw new OperatorError(
      'Nothing was deleted: no terminal to confirm on. Run `npm run reset -- --yes` to skip the question.',
    );
  }
  // In terminal mode readline would take Ctrl-C itself; the process has to receive it.
  const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: false });
  try {
    // Ctrl-D closes the input without an answer.
    const closed = once(lines, 'close').then(() => '');
    const answer = await Promise.race([lines.question('Delete it? [y/N] ', { signal }), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
