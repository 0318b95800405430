import type { Pool, PoolClient } from 'pg';

/**
 * Runs `work` between BEGIN and COMMIT on a connection of its own. `first` goes with the BEGIN in one round trip; it
 * can take no parameters.
 */
export async function inTransaction<T>(pool: Pool, work: (tx: PoolClient) => Promise<T>, first = ''): Promise<T> {
  const tx = await pool.connect();
  try {
    await tx.query(`BEGIN; ${first}`);
    const result = await work(tx);
    await tx.query('COMMIT');
    tx.release();
    return result;
  } catch (error) {
    // A connection that cannot even roll back is of no use to the next one.
    await tx.query('ROLLBACK').then(
      () => tx.release(),
      (broken: Error) => tx.release(broken),
    );
    throw error;
  }
}
