import { types } from 'node:util';
import { DatabaseError } from 'pg';

/** SQLSTATE classes: connection, transaction rollback, insufficient resources, operator intervention, system error. */
const CLASSES = new Set(['08', '40', '53', '57', '58']);
/** Timeouts of an idle transaction and of a whole transaction. */
const TOO_LONG = new Set(['25P03', '25P04']);
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
const POOL_TEXTS =
  /timeout expired|timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client (has encountered|was closed)|Cannot use a pool after/;

/** Whether `error` means that the database is unavailable, as opposed to a bug in the service. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseError)
    return TOO_LONG.has(error.code ?? '') || CLASSES.has(error.code?.slice(0, 2) ?? '');
  // Not by instanceof: errors of Node's own code have another Error in Jest.
  if (!types.isNativeError(error)) return false;
  if ('errors' in error && Array.isArray(error.errors)) return error.errors.some(isUnavailable);
  return SOCKET_CODES.has((error as NodeJS.ErrnoException).code ?? '') || POOL_TEXTS.test(error.message);
}
