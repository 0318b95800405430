/** Resolves when all of `work` has settled, or after `within` milliseconds. */
export async function settled(work: Iterable<Promise<unknown>>, within: number): Promise<void> {
  let limit: NodeJS.Timeout | undefined;
  const tooLong = new Promise<void>((resolve) => {
    limit = setTimeout(resolve, within);
  });
  await Promise.race([Promise.allSettled(work), tooLong]);
  clearTimeout(limit);
}
