import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@activity-feed/hosting';
import type { ClientBase } from 'pg';

const RETRY = 1_000;

/** SQLSTATE lock_not_available: lock_timeout expired. */
const LOCK_NOT_AVAILABLE = '55P03';

export const isLockTimeout = (error: unknown): boolean => (error as { code?: string }).code === LOCK_NOT_AVAILABLE;

/** Limits lock waits to 1 s: while a DDL statement waits for its lock, all reads and writes queue behind it. */
export async function limitLockWaits(client: ClientBase): Promise<void> {
  await client.query("SET lock_timeout = '1s'");
}

/** Retries `work` while it fails with a lock timeout. Throws any other error. */
export async function untilUnlocked(log: Logger, work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      log.warn({ err: error }, 'blocked by the lock of a long transaction; retrying');
      await pause(RETRY);
    }
  }
}
