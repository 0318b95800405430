import type { Socket } from 'node:net';
import { DATABASE_ANSWER_TIME } from '@activity-feed/contracts';
import type { ClientBase, Pool, PoolClient, QueryConfig } from 'pg';

/** Adds a statement that is sent in the same round trip as the COMMIT. Its result is discarded. */
export type BeforeCommit = (statement: QueryConfig) => void;

export interface TransactionOptions {
  /** A statement that is sent together with the BEGIN. */
  first?: QueryConfig;
  /**
   * When the transaction is cancelled, by `performance.now()`. PostgreSQL enforces it, since a frozen database may
   * receive the COMMIT late; shortly after, this side closes the connection, which may be dead.
   */
  until?: number;
}

/**
 * Runs `work` between BEGIN and COMMIT on a connection from the pool. A connection with pipelining sends statements
 * that do not depend on each other in a single round trip.
 */
export async function inTransaction<T>(
  pool: Pool,
  work: (tx: PoolClient, beforeCommit: BeforeCommit) => Promise<T>,
  { first, until = Number.POSITIVE_INFINITY }: TransactionOptions = {},
): Promise<T> {
  const tx = await pool.connect();
  // At least 1 ms: to PostgreSQL, 0 means no limit.
  const limit = Math.max(1, Math.ceil(until - performance.now()));
  const giveUp = Number.isFinite(limit) ? setTimeout(() => abandon(tx), limit + DATABASE_ANSWER_TIME) : undefined;
  let lost: Error | undefined;
  // An error event without a listener would end the process.
  const onLost = (error: Error) => {
    lost = error;
  };
  tx.on('error', onLost);
  const begin = giveUp ? `BEGIN; SET LOCAL transaction_timeout = ${limit}` : 'BEGIN';
  const begun = send(tx, [{ text: begin }, ...(first ? [first] : [])]);
  try {
    if (!isPipelining(tx)) await begun;
    const last: QueryConfig[] = [];
    const result = await work(tx, (statement) => last.push(statement));
    // After a failed statement COMMIT rolls back; the statement's error is the one to throw.
    await Promise.all([begun, send(tx, [...last, { text: 'COMMIT' }])]);
    return result;
  } catch (error) {
    await tx.query('ROLLBACK').catch((broken: Error) => onLost(broken));
    // If BEGIN failed, its error is the cause of all later ones.
    await begun;
    throw error;
  } finally {
    clearTimeout(giveUp);
    tx.off('error', onLost);
    // A connection that cannot roll back must not return to the pool.
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
    // Fails too if the connection is lost; the first error is the cause.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Sends in one round trip if the connection pipelines. A rejection before the promise is awaited is not unhandled. */
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

/** Closes the socket. A client that pipelines would queue its termination message behind its statements. */
function abandon(tx: PoolClient): void {
  (tx as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
}
