import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@activity-feed/hosting';
import type { ClientBase } from 'pg';

/** Milliseconds until a statement that waited for a lock in vain is tried again. */
const RETRY = 1_000;

/** SQLSTATE of a statement that waited for a lock in vain. */
const LOCK_NOT_AVAILABLE = '55P03';

export const isLockTimeout = (error: unknown): boolean => (error as { code?: string }).code === LOCK_NOT_AVAILABLE;

/** Has `client` wait for locks no longer than a second: all other reads and writes wait behind it meanwhile. */
export async function limitLockWaits(client: ClientBase): Promise<void> {
  await client.query("SET lock_timeout = '1s'");
}

/** Tries `work` again for as long as a lock is in its way. */
export async function untilUnlocked(log: Logger, work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      log.warn({ err: error }, 'a long transaction is in the way; trying again');
      await pause(RETRY);
    }
  }
}
