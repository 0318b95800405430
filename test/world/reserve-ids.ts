import { advisoryLock } from '@activity-feed/contracts';
import { inTransactionOf } from '@activity-feed/eventing';
import { type Client, DatabaseError } from 'pg';
import { OperatorError } from '../../infra/console.ts';

/** SQLSTATE lock_not_available. */
const LOCK_TIMEOUT = '55P03';

/**
 * Reserves `count` consecutive ids from a sequence that services use at the same time. Returns the first. Unused ids
 * stay unused, as after a rollback.
 */
export function reserveIds(client: Client, sequence: string, count: number): Promise<number> {
  const name = client.escapeIdentifier(sequence);
  return withLockTimeout(client, `Cannot lock ${sequence}: another transaction uses it`, '1s', async () => {
    // Changes nothing, but blocks other sessions' nextval until the COMMIT, which setval alone would not.
    await client.query(`ALTER SEQUENCE ${name} INCREMENT BY 1`);
    const { rows } = await client.query<{ first: number }>(
      'SELECT (setval($1, nextval($1) + $2 - 1) - $2 + 1)::float8 AS first',
      [sequence, Math.max(count, 1)],
    );
    return (rows[0] as { first: number }).first;
  });
}

/** Locks the world of `mark` for this session, which may lock it again. */
export function lockWorld(client: Client, mark: string): Promise<void> {
  // The session of a killed command ends a moment later.
  return withLockTimeout(client, 'Another process is writing this world', '10s', async () => {
    await client.query(`SELECT pg_advisory_lock(${advisoryLock('generatedWorld')})`, [mark]);
  });
}

async function withLockTimeout<T>(client: Client, problem: string, limit: string, work: () => Promise<T>): Promise<T> {
  try {
    return await inTransactionOf(client, async () => {
      await client.query(`SET LOCAL lock_timeout = '${limit}'`);
      return work();
    });
  } catch (error) {
    if (error instanceof DatabaseError && error.code === LOCK_TIMEOUT) throw new OperatorError(`${problem}.`);
    throw error;
  }
}
