import type { Logger } from './log/logger';

/** Less than whoever runs the process waits before it kills it. */
const STOP_LIMIT_MS = 3_500;

/** Ends the process on a fault nobody caught, and on a stop that takes too long: whoever runs it starts it anew. */
export function endProcessWith(logger: Logger): void {
  const end = (error: unknown) => {
    logger.fatal({ err: error }, 'ending after a fault');
    process.exit(1);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      setTimeout(() => end(new Error(`not stopped ${STOP_LIMIT_MS} ms after ${signal}`)), STOP_LIMIT_MS).unref();
    });
  }
}
