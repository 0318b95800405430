/**
 * How every connection to a database is made. A server that does not answer is given up within seconds, however long the
 * statements may take that come after; one that vanishes without a word is noticed within half a minute, where the
 * operating system alone would take two hours.
 */
export const CONNECT_LIMITS = {
  /** Until the connection can be used, milliseconds. */
  connectionTimeoutMillis: 2_000,
  keepAlive: true,
  /** Idle milliseconds before the first probe. Node sends one each second from then on, and gives up after ten. */
  keepAliveInitialDelayMillis: 10_000,
} as const;
