/**
 * Options for every database connection. Connecting fails within seconds, regardless of the statement timeout. A server
 * that disappears without closing the connection is detected within half a minute instead of the system's two hours.
 */
export const CONNECT_LIMITS = {
  /** Milliseconds until the connection is ready for use. */
  connectionTimeoutMillis: 2_000,
  keepAlive: true,
  /** Idle milliseconds before the first probe. Node then probes every second and gives up after ten probes. */
  keepAliveInitialDelayMillis: 10_000,
} as const;
