import { STATEMENT_LIMIT } from '@activity-feed/contracts';
import { CONNECT_LIMITS } from '@activity-feed/eventing';
import type { Logger } from '@activity-feed/hosting';
import { Client, type ClientConfig, Pool, types } from 'pg';

const INT8 = 20;

export interface PoolLimits {
  /** Milliseconds for a query; those of a request without it. */
  limit?: number;
  /** Whether statements are sent before the results of those before them are there; COPY needs that they are not. */
  pipeline?: boolean;
}

/** The pool's own connect timeout also holds for waiting until another's connection is free, and so must be longer. */
class PoolClient extends Client {
  constructor(config?: ClientConfig) {
    super({ ...config, ...CONNECT_LIMITS });
  }
}

/**
 * A pool whose queries end after `limit` milliseconds. `bigint` columns become numbers; what may exceed 2^53 is
 * selected as text.
 */
export function createPool(
  connectionString: string,
  size: number,
  logger: Logger,
  { limit = STATEMENT_LIMIT, pipeline = true }: PoolLimits = {},
): Pool {
  const pool = new Pool({
    connectionString,
    max: size,
    Client: PoolClient,
    // For a free connection, or one that can be made.
    connectionTimeoutMillis: limit - 500,
    statement_timeout: limit,
    // For a server that hangs and so cannot keep its own limit.
    query_timeout: limit + 300,
    // An open transaction holds the relay back.
    idle_in_transaction_session_timeout: 5_000,
    pipeline,
    types: {
      getTypeParser: (oid, format) =>
        oid === INT8 && format !== 'binary' ? Number : types.getTypeParser(oid, format as 'text'),
    },
  });
  pool.on('error', (error) => logger.warn({ err: error }, 'idle database connection lost; the pool will open another'));
  return pool;
}
