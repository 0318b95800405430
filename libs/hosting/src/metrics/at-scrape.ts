/** Milliseconds that a scrape waits for what it reads elsewhere. */
const LIMIT_MS = 1_000;

/**
 * Reads once for all metrics of a scrape. The result is undefined if reading fails or takes too long: the other metrics
 * are then most needed. Nothing is read again before the last reading has ended.
 */
export function atScrape<T>(read: () => Promise<T>, limit = LIMIT_MS): () => Promise<T | undefined> {
  let reading: Promise<T | undefined> | undefined;
  return () => {
    reading ??= read()
      .catch(() => undefined)
      .finally(() => {
        reading = undefined;
      });
    return within(limit, reading);
  };
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
