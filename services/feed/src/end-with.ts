import type { Logger } from '@activity-feed/hosting';

/** What to do when a part of the process is beyond help: a process that is started anew is the only cure. */
export const endWith = (logger: Logger, message: string) => (error: Error) => {
  logger.fatal({ err: error }, `${message}: ending, to be started anew`);
  process.exit(1);
};
