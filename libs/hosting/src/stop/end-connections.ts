import type { Server } from 'node:http';

/** Milliseconds. */
const LOOK = 50;

/**
 * Ends the connections of an HTTP server that is being closed. Node itself ends those that are idle at that moment; one
 * that becomes idle later, because its request was under way, it leaves open for as long as the client keeps it alive.
 * `limit` milliseconds after the process was told to end, all others go too: a client may never send all of a request.
 */
export function endConnectionsOf(server: Server, limit: number): void {
  const onSignal = () => {
    setInterval(() => !server.listening && server.closeIdleConnections(), LOOK).unref();
    setTimeout(() => server.closeAllConnections(), limit).unref();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, onSignal);
}
