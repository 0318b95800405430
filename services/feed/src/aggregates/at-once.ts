import type { ClientBase } from 'pg';

/** Does `work` in one transaction of `client`, which is in none. */
export async function atOnce(client: ClientBase, work: () => Promise<unknown>): Promise<void> {
  await client.query('BEGIN');
  try {
    await work();
    await client.query('COMMIT');
  } catch (error) {
    // Over a lost connection this fails too; the first error tells why.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
