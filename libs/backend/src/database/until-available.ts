import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@activity-feed/hosting';
import { QueryFailedError } from 'typeorm';
import { isUnavailable } from './is-unavailable';

/** Milliseconds from one attempt to the next, at most. */
const MAX_PAUSE = 2_000;
/** Trying again would not help: a limit of the server's ended a statement; a file of the server's is missing. */
const LASTING = new Set(['57014', '58P01']);

/**
 * Carries out `work`, again from its beginning for as long as the database is starting up or does not answer; throws
 * whatever waiting does not cure. `onWait` is called before each wait.
 */
export async function untilAvailable<T>(work: () => Promise<T>, logger: Logger, onWait: () => void): Promise<T> {
  let reported: string | undefined;
  for (let failures = 0; ; failures++) {
    try {
      return await work();
    } catch (error) {
      const cause = error instanceof QueryFailedError ? error.driverError : error;
      if (!isUnavailable(cause) || LASTING.has((cause as { code?: string }).code ?? '')) throw error;
      onWait();
      // Once for each reason, not for each attempt.
      const reason = String(cause);
      if (reason !== reported) logger.warn({ err: cause }, 'waiting for the database');
      reported = reason;
      await pause(Math.min(100 * 2 ** failures, MAX_PAUSE));
    }
  }
}
