import { advisoryLock } from '@activity-feed/contracts';
import { inTransactionOf } from '@activity-feed/eventing';
import { type Client, DatabaseError } from 'pg';
import { OperatorError } from '../../infra/console.ts';

/** SQLSTATE lock_not_available. */
const LOCK_TIMEOUT = '55P03';

/**
 * Takes `count` ids in a row from a sequence that the services take theirs from meanwhile, and gives the first. What is
 * not used in the end stays unused, as after a rollback of theirs.
 */
export function reserveIds(client: Client, sequence: string, count: number): Promise<number> {
  const name = client.escapeIdentifier(sequence);
  return withLockTimeout(client, `A transaction that uses ${sequence} does not end`, '1s', async () => {
    // Changes nothing, but makes others' nextval wait for the COMMIT, which setval alone would not.
    await client.query(`ALTER SEQUENCE ${name} INCREMENT BY 1`);
    const { rows } = await client.query<{ first: number }>(
      'SELECT (setval($1, nextval($1) + $2 - 1) - $2 + 1)::float8 AS first',
      [sequence, Math.max(count, 1)],
    );
    return (rows[0] as { first: number }).first;
  });
}

/** Lets nobody else write the world of `mark` as long as this session lasts; the same session may ask again. */
export function lockWorld(client: Client, mark: string): Promise<void> {
  // A killed command's session ends a moment after it.
  return withLockTimeout(client, 'This world is being written by another command', '10s', async () => {
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
