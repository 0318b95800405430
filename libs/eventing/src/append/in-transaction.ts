import type { Socket } from 'node:net';
import { DATABASE_ANSWER_TIME } from '@activity-feed/contracts';
import type { ClientBase, Pool, PoolClient, QueryConfig } from 'pg';

/** Has a statement carried out after the work, whose result nobody needs, in one round trip with the COMMIT. */
export type BeforeCommit = (statement: QueryConfig) => void;

export interface TransactionOptions {
  /** Statements that go with the BEGIN, which can take no parameters. */
  first?: string;
  /**
   * The moment of `performance.now()` at which the transaction is given up: by PostgreSQL itself, as a database that
   * was frozen may find the COMMIT later, and shortly after by this side, whose connection may lead nowhere.
   */
  until?: number;
}

/**
 * Runs `work` between BEGIN and COMMIT on a connection of its own. Over a connection that pipelines, what need not wait
 * for another's result goes in one round trip with it.
 */
export async function inTransaction<T>(
  pool: Pool,
  work: (tx: PoolClient, beforeCommit: BeforeCommit) => Promise<T>,
  { first = '', until = Number.POSITIVE_INFINITY }: TransactionOptions = {},
): Promise<T> {
  const tx = await pool.connect();
  // At least a millisecond: 0 is no limit to PostgreSQL.
  const limit = Math.max(1, Math.ceil(until - performance.now()));
  const giveUp = Number.isFinite(limit) ? setTimeout(() => abandon(tx), limit + DATABASE_ANSWER_TIME) : undefined;
  let lost: Error | undefined;
  // Lost between two statements, a connection that nobody listens to would end the process.
  const onLost = (error: Error) => {
    lost = error;
  };
  tx.on('error', onLost);
  const timeout = giveUp ? `SET LOCAL transaction_timeout = ${limit}; ` : '';
  const begun = send(tx, [{ text: `BEGIN; ${timeout}${first}` }]);
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
    clearTimeout(giveUp);
    tx.off('error', onLost);
    // A connection that cannot even roll back is of no use to the next one.
    tx.release(lost);
  }
}

/** Runs `work` between BEGIN and COMMIT on `client`, which is in no transaction. */
export async function inTransactionOf<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // Over a lost connection this fails too; the first error tells why.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
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

/** Ends the connection without a goodbye, for which a client that pipelines would wait behind its statements. */
function abandon(tx: PoolClient): void {
  (tx as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
}
