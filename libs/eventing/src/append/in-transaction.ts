import type { Pool, PoolClient } from 'pg';

/** Lets COMMIT be sent behind statements that were sent, without waiting for their results. */
export type BeforeCommit = (statements: Promise<unknown>) => void;

/**
 * Runs `work` between BEGIN and COMMIT on a connection of its own. `first`, which can take no parameters, goes with the
 * BEGIN. Over a connection that pipelines, what does not wait for another's result goes in one round trip with it.
 */
export async function inTransaction<T>(
  pool: Pool,
  work: (tx: PoolClient, beforeCommit: BeforeCommit) => Promise<T>,
  first = '',
): Promise<T> {
  const tx = await pool.connect();
  let lost: Error | undefined;
  // Lost between two statements, a connection that nobody listens to would end the process.
  const onLost = (error: Error) => {
    lost = error;
  };
  tx.on('error', onLost);
  try {
    const pending: Promise<unknown>[] = [unhurried(tx.query(`BEGIN; ${first}`))];
    const result = await work(tx, (statements) => pending.push(unhurried(statements)));
    // After a statement that failed, COMMIT rolls back; the statement's own error tells why.
    pending.push(unhurried(tx.query('COMMIT')));
    await Promise.all(pending);
    return result;
  } catch (error) {
    await tx.query('ROLLBACK').catch((broken: Error) => onLost(broken));
    throw error;
  } finally {
    tx.off('error', onLost);
    // A connection that cannot even roll back is of no use to the next one.
    tx.release(lost);
  }
}

/** A promise that may fail before somebody waits for it. */
function unhurried<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
