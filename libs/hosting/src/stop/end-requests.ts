import type { Server } from 'node:http';

/**
 * Ends requests that are still open `limit` milliseconds after the process was told to end: a client that never sends
 * all of one would keep it from ending.
 */
export function endRequestsAfter(limit: number, server: Server): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => setTimeout(() => server.closeAllConnections(), limit).unref());
  }
}
