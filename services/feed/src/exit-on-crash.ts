import type { Logger } from '@activity-feed/hosting';

/** Ends the process when a part of it cannot recover; the supervisor restarts it. */
export const exitOnCrash = (logger: Logger, message: string) => (error: Error) => {
  logger.fatal({ err: error }, `${message}; exiting, the supervisor will restart the process`);
  process.exit(1);
};
