/** A terminal that went away (SIGHUP, a closed pipe) must not end the orderly stop. */
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

/** An error whose message is all that its reader needs: shown without a stack. */
export class OperatorError extends Error {}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const seconds = (since: number) => ((performance.now() - since) / 1000).toFixed(1);

/** Shows a long step's start, its going on every ten seconds, and its end. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  say(`· ${title} …`);
  const progress = setInterval(() => say(`  … ${title}, ${Math.round(Number(seconds(startedAt)))} s`), 10_000);
  try {
    const result = await work();
    say(`✓ ${title} (${seconds(startedAt)} s)`);
    return result;
  } finally {
    clearInterval(progress);
  }
}
