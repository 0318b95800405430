import type { Duplex } from 'node:stream';
import { STATEMENT_LIMIT } from '@activity-feed/contracts';
import { CONNECT_LIMITS } from '@activity-feed/eventing';
import type { Logger } from '@activity-feed/hosting';
import { Client, type ClientConfig, Pool, types } from 'pg';
import { measurePool } from './pool-metrics';

const INT8 = 20;

/** Seconds for which the plans of statements that are planned once are used. */
const PLANNED_FOR = 15;

export interface PoolOptions {
  /** In metrics; without it the pool is not measured. */
  name?: string;
  /** Milliseconds for a query; by default the limit for requests. */
  limit?: number;
  /** Whether statements are sent without waiting for earlier results. COPY requires it off. */
  pipeline?: boolean;
  /**
   * Whether prepared statements are planned once, without regard to their parameters. PostgreSQL would plan those with arrays
   * again for each execution, which can take longer than to execute them: it expects more of an array that it does not know.
   * Connections are replaced after seconds, as a plan for an empty table is bad for a full one.
   */
  planOnce?: boolean;
}

/** The socket of a client, which its type does not mention. */
interface WithStream {
  readonly connection: { readonly stream: Pick<Duplex, 'cork' | 'uncork'> };
}

/** Writes what is sent in one turn of the event loop to the socket at once: each write would wake the server. */
class PoolClient extends Client {
  private isCorked = false;

  /** The pool's own connect timeout includes waiting for a free connection, so it must be longer than this one. */
  constructor(config?: ClientConfig) {
    super({ ...config, ...CONNECT_LIMITS });
    const { query } = this;
    this.query = ((...parameters: unknown[]) => {
      this.cork();
      return Reflect.apply(query, this, parameters);
    }) as typeof query;
  }

  private cork(): void {
    if (this.isCorked) return;
    const { stream } = (this as unknown as WithStream).connection;
    this.isCorked = true;
    stream.cork();
    // After all promises that are resolved by now.
    process.nextTick(() => {
      this.isCorked = false;
      stream.uncork();
    });
  }
}

/**
 * A pool whose queries time out after `limit` milliseconds. `bigint` columns become numbers; select those that may
 * exceed 2^53 as text.
 */
export function createPool(
  connectionString: string,
  size: number,
  logger: Logger,
  { name, limit = STATEMENT_LIMIT, pipeline = true, planOnce = false }: PoolOptions = {},
): Pool {
  const pool = new Pool({
    connectionString,
    max: size,
    Client: PoolClient,
    // Includes waiting for a free connection.
    connectionTimeoutMillis: limit - 500,
    statement_timeout: limit,
    // For a server that hangs and cannot enforce its own limit.
    query_timeout: limit + 300,
    // An open transaction blocks the relay.
    idle_in_transaction_session_timeout: 5_000,
    pipeline,
    ...(planOnce && { options: '-c plan_cache_mode=force_generic_plan', maxLifetimeSeconds: PLANNED_FOR }),
    types: {
      getTypeParser: (oid, format) =>
        oid === INT8 && format !== 'binary' ? Number : types.getTypeParser(oid, format as 'text'),
    },
  });
  pool.on('error', (error) => logger.warn({ err: error }, 'idle database connection lost; the pool will open another'));
  if (name !== undefined) measurePool(name, pool);
  return pool;
}
