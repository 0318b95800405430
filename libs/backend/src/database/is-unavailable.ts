import { DatabaseError } from 'pg';

/** Classes of SQLSTATE that say: not now. Connection, rolled back, resources, the operator's doing, system error. */
const CLASSES = new Set(['08', '40', '53', '57', '58']);
/** A transaction that was idle, or open at all, for too long. */
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

/** Whether `error` says that the database does not answer, as opposed to a fault of ours. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseError)
    return TOO_LONG.has(error.code ?? '') || CLASSES.has(error.code?.slice(0, 2) ?? '');
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  if (!(error instanceof Error)) return false;
  return SOCKET_CODES.has((error as NodeJS.ErrnoException).code ?? '') || POOL_TEXTS.test(error.message);
}
