import type { FeedReadName } from '@activity-feed/contracts';
import { spanContextOf } from '@activity-feed/hosting';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../error-answers/api-error';
import { beginCall, type Call } from '../trace-requests/call';
import { requestScope, scopeOf } from '../trace-requests/request-scope';

/** Milliseconds. Reads for requests without a scope are noted if they take longer. */
const NOTABLE = 50;

const nameOf = (read: FeedReadName) => `feed.${read}`;

/** Undefined for a request without a scope: most pages come from memory, and cost little more than what would be noted. */
export function beginRead(name: FeedReadName, request: FastifyRequest | undefined): Call | undefined {
  const scope = request ? request.scope : requestScope();
  return scope ? beginCall(nameOf(name), scope) : undefined;
}

/** The trace of a request without a scope, for the reader's log lines. */
export function traceOf(request: FastifyRequest | undefined): string | undefined {
  const traceparent = request?.headers.traceparent;
  return traceparent !== undefined && spanContextOf(traceparent) ? String(traceparent) : request?.id;
}

/** Ends `call` with its answer. */
export async function ended<Answer>(call: Call, answer: Promise<Answer>): Promise<Answer> {
  try {
    const value = await answer;
    call.end();
    return value;
  } catch (error) {
    call.end(error instanceof ApiError ? error.code : 'INTERNAL');
    throw error;
  }
}

/** Notes how long `work` takes. */
export async function noted<Value>(
  name: string,
  work: Promise<Value>,
  request: FastifyRequest | undefined,
): Promise<Value> {
  const since = performance.now();
  try {
    return await work;
  } finally {
    (request ? scopeOf(request) : requestScope())?.noteWait(name, since);
  }
}

/** Notes a read that has taken long, unless it was noted as a call. */
export function noteSlow(name: FeedReadName, since: number, request: FastifyRequest): void {
  if (!request.scope && performance.now() - since >= NOTABLE) scopeOf(request).noteWait(nameOf(name), since);
}
