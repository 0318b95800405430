import type { Client } from 'pg';

export async function inTransaction<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // What went wrong before is what the reader needs to know.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
