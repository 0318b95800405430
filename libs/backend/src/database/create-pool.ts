import { Pool, types } from 'pg';
import type { Logger } from '@activity-feed/hosting';

const INT8 = 20;

/**
 * A pool whose queries fail in time for a request of 3 s to be answered. `bigint` columns become numbers; what may
 * exceed 2^53 is selected as text.
 */
export function createPool(connectionString: string, size: number, logger: Logger): Pool {
  const pool = new Pool({
    connectionString,
    max: size,
    connectionTimeoutMillis: 2_000,
    statement_timeout: 2_500,
    query_timeout: 2_800,
    // An open transaction holds the relay back.
    idle_in_transaction_session_timeout: 5_000,
    keepAlive: true,
    types: {
      getTypeParser: (oid, format) => (oid === INT8 && format !== 'binary' ? Number : types.getTypeParser(oid, format as 'text')),
    },
  });
  pool.on('error', (error) => logger.warn({ err: error }, 'an idle database connection was lost'));
  return pool;
}
