import type { Logger } from '../log/logger';
import { leftFor } from './stop-clock';

/**
 * Resolves when all of `work` has settled, or when the time for this part of the shutdown is over. Logs what is
 * unfinished by then.
 */
export async function giveUpLate(
  part: 'finish' | 'release',
  work: Record<string, Promise<unknown> | undefined>,
  logger: Logger,
): Promise<void> {
  const open = new Set(Object.keys(work));
  const ended = Object.entries(work).map(async ([name, ended]) => {
    await ended?.catch((error: unknown) => logger.debug({ err: error }, `stopping: ${name} failed`));
    open.delete(name);
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, leftFor(part));
  });
  await Promise.race([Promise.all(ended), late]);
  clearTimeout(timer);
  if (open.size > 0)
    logger.warn({ unfinished: [...open] }, 'stopping: time limit reached; not waiting for unfinished parts');
}
