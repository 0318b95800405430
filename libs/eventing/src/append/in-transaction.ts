import type { Pool, PoolClient } from 'pg';

/**
 * Runs `work` between BEGIN and COMMIT on a connection of its own. `first` goes with the BEGIN in one round trip; it
 * can take no parameters.
 */
export async function inTransaction<T>(pool: Pool, work: (tx: PoolClient) => Promise<T>, first = ''): Promise<T> {
  const tx = await pool.connect();
  let lost: Error | undefined;
  // Lost between two statements, a connection that nobody listens to would end the process.
  const onLost = (error: Error) => {
    lost = error;
  };
  tx.on('error', onLost);
  try {
    await tx.query(`BEGIN; ${first}`);
    const result = await work(tx);
    await tx.query('COMMIT');
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
