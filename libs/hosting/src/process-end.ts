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

/** Runs a service's boot; what goes wrong in it is told in one line and ends the process. */
export function boot(service: string, start: () => Promise<void>): void {
  start().catch((error: Error) => {
    const line = {
      level: 60,
      time: new Date().toISOString(),
      service,
      stack: error.stack,
      msg: `${service} did not start: ${error.message}`,
    };
    process.stdout.write(`${JSON.stringify(line)}\n`, () => process.exit(1));
  });
}
