import type { Server } from 'node:http';

/** Milliseconds between checks for idle connections. */
const CHECK_INTERVAL = 50;

/**
 * Closes the connections of an HTTP server that is shutting down. Node closes only connections that are idle at that
 * moment; one with a request in flight stays open as long as its client keeps it alive. `limit` milliseconds after the
 * signal all connections are closed, since a client may never finish sending its request.
 */
export function endConnectionsOf(server: Server, limit: number): void {
  const onSignal = () => {
    setInterval(() => !server.listening && server.closeIdleConnections(), CHECK_INTERVAL).unref();
    setTimeout(() => server.closeAllConnections(), limit).unref();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, onSignal);
}
