import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@activity-feed/hosting';
import { isUnavailable } from './is-unavailable';

/** Milliseconds between attempts, at most. */
const MAX_PAUSE = 2_000;
/** Not worth a retry: query_canceled by the server's own limit, undefined_file on the server. */
const PERMANENT = new Set(['57014', '58P01']);
/** A migration has waited too long for a lock. It gives up, so that other statements do not wait behind it. */
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Runs `work`, and retries it from the beginning while the database is starting or unavailable, or another session
 * holds a lock. Throws other errors. `onWait` is called before each pause.
 */
export async function untilAvailable<T>(work: () => Promise<T>, logger: Logger, onWait: () => void): Promise<T> {
  let reported: string | undefined;
  for (let failures = 0; ; failures++) {
    try {
      return await work();
    } catch (error) {
      const cause = causeOf(error);
      const { code = '' } = cause as { code?: string };
      if (code !== LOCK_NOT_AVAILABLE && (!isUnavailable(cause) || PERMANENT.has(code))) throw error;
      onWait();
      // Logged once for each reason, not for each attempt.
      const reason = String(cause);
      if (reason !== reported) logger.warn({ err: cause }, 'waiting for the database');
      reported = reason;
      await pause(Math.min(100 * 2 ** failures, MAX_PAUSE));
    }
  }
}

/** What TypeORM's QueryFailedError was caused by. Recognised by its shape, because most starts do not load TypeORM. */
const causeOf = (error: unknown): unknown => (error as { driverError?: unknown } | undefined)?.driverError ?? error;
