import type { Logger } from '../log/logger';
import { beginStop } from './stop-clock';
import { STOP_LIMITS } from './stop-limits';

/** Exits on an uncaught error and on a shutdown that takes too long; the supervisor restarts the process. */
export function endProcessWith(logger: Logger): void {
  const end = (error: unknown) => {
    logger.fatal({ err: error }, 'unexpected error; exiting, to be restarted by the supervisor');
    process.exit(1);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      beginStop();
      const { whole } = STOP_LIMITS;
      setTimeout(() => end(new Error(`not stopped ${whole} ms after ${signal}`)), whole).unref();
    });
  }
}
