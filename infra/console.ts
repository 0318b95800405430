/** Writing to a closed terminal or pipe must not interrupt the shutdown. */
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

/** An error whose message is enough for the user; it is shown without a stack. */
export class OperatorError extends Error {}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const seconds = (since: number) => ((performance.now() - since) / 1000).toFixed(1);

/** Prints when a long step starts, that it is still running every ten seconds, and when it is done. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  say(`· ${title} …`);
  const progress = setInterval(() => say(`  … ${title} (${Math.round(Number(seconds(startedAt)))} s so far)`), 10_000);
  try {
    const result = await work();
    say(`✓ ${title} (${seconds(startedAt)} s)`);
    return result;
  } finally {
    clearInterval(progress);
  }
}
