import type { LoggerService } from '@nestjs/common';
import { type Logger as PinoLogger, pino } from 'pino';
import { idsNow } from './scope';

/** A pino logger under a token that Nest can inject. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the class is only a token, never constructed
export abstract class Logger {}
export interface Logger extends PinoLogger {}

/** Writes JSON lines to standard output. Lines about a request have its ids. */
export const createLogger = (service: string, level: string): Logger =>
  pino({ level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime, mixin: () => ({ ...idsNow() }) });

/** Adapts `logger` for Nest. Nest's start-up lines have the level `debug`. */
export function nestLogger(logger: Logger): LoggerService {
  const context = (rest: unknown[]) => ({ context: rest.at(-1) });
  return {
    log: (message, ...rest) => logger.debug(context(rest), String(message)),
    debug: (message, ...rest) => logger.debug(context(rest), String(message)),
    verbose: (message, ...rest) => logger.trace(context(rest), String(message)),
    warn: (message, ...rest) => logger.warn(context(rest), String(message)),
    error: (message, ...rest) => logger.error({ ...context(rest), err: message, stack: rest[0] }, String(message)),
    fatal: (message, ...rest) => logger.fatal(context(rest), String(message)),
  };
}
