import type { Pool, PoolClient, QueryConfig } from 'pg';

/** Has a statement carried out after the work, whose result nobody needs, in one round trip with the COMMIT. */
export type BeforeCommit = (statement: QueryConfig) => void;

/**
 * Runs `work` between BEGIN and COMMIT on a connection of its own. `first`, which can take no parameters, goes with the
 * BEGIN. Over a connection that pipelines, what need not wait for another's result goes in one round trip with it.
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
  const begun = send(tx, [{ text: `BEGIN; ${first}` }]);
  try {
    if (!isPipelining(tx)) await begun;
    const last: QueryConfig[] = [];
    const result = await work(tx, (statement) => last.push(statement));
    // After a statement that failed, COMMIT rolls back; the statement's own error tells why.
    await Promise.all([begun, send(tx, [...last, { text: 'COMMIT' }])]);
    return result;
  } catch (error) {
    await tx.query('ROLLBACK').catch((broken: Error) => onLost(broken));
    // What came after a beginning that failed says only that it did.
    await begun;
    throw error;
  } finally {
    tx.off('error', onLost);
    // A connection that cannot even roll back is of no use to the next one.
    tx.release(lost);
  }
}

/** In one round trip if the connection can. The promise may fail before somebody waits for it. */
function send(tx: PoolClient, statements: readonly QueryConfig[]): Promise<void> {
  const sending = isPipelining(tx) ? sendTogether(tx, statements) : sendInTurn(tx, statements);
  sending.catch(() => undefined);
  return sending;
}

async function sendTogether(tx: PoolClient, statements: readonly QueryConfig[]): Promise<void> {
  await Promise.all(statements.map((statement) => tx.query(statement)));
}

async function sendInTurn(tx: PoolClient, statements: readonly QueryConfig[]): Promise<void> {
  for (const statement of statements) await tx.query(statement);
}

const isPipelining = (tx: PoolClient) => 'pipeline' in tx && tx.pipeline === true;
