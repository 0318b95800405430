/** Milliseconds between checks: a tenth of what has been waited, within these limits, since each check costs CPU. */
const PAUSE = { least: 25, most: 200 };

export interface WaitOptions {
  /** Milliseconds after which the wait fails. */
  within?: number;
}

/** Waits until `condition` returns something other than false or undefined, and returns it. Throws after `within`. */
export async function eventually<T>(
  what: string,
  condition: () => Promise<T | false | undefined> | T | false | undefined,
  { within = 30_000 }: WaitOptions = {},
): Promise<T> {
  const begin = Date.now();
  const pauseLength = () => Math.min(PAUSE.most, Math.max(PAUSE.least, (Date.now() - begin) / 10));
  for (let problem: unknown; ; await pause(pauseLength())) {
    try {
      const result = await condition();
      if (result !== false && result !== undefined) return result;
      problem = undefined;
    } catch (error) {
      problem = error;
    }
    if (Date.now() > begin + within) throw new Error(`not true within ${within} ms: ${what}`, { cause: problem });
  }
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
