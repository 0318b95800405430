import { currentScope, type Scope, type Span, traceIdOf, traceparentOfSpan, within } from '@activity-feed/hosting';
import type { FastifyRequest } from 'fastify';
import { traceparentOf } from './trace-context';

declare module 'fastify' {
  interface FastifyRequest {
    /** Unset for most pages from memory. */
    scope: RequestScope | null;
  }
}

type Traced = Pick<FastifyRequest, 'id' | 'headers'>;

/** What the gateway notes about a request for its log lines, its trace and its messages to services. */
export class RequestScope implements Scope {
  isOver = false;
  /** While traces are recorded. */
  span: Span | undefined;
  /** Milliseconds that were waited for, by what. */
  private readonly waits = new Map<string, number>();

  constructor(private readonly request: Traced) {}

  get ids(): { request_id: string; trace_id: string | undefined } {
    return { request_id: this.request.id, trace_id: traceIdOf(this.traceparent()) };
  }

  /** The trace context for a message to a service. */
  traceparent(): string {
    const { headers, id } = this.request;
    return this.span ? traceparentOfSpan(this.span) : traceparentOf(headers.traceparent, id);
  }

  /** Adds a wait that began at `since`, by performance.now. */
  noteWait(name: string, since: number): void {
    this.waits.set(name, (this.waits.get(name) ?? 0) + performance.now() - since);
  }

  /** What the request has waited for, in milliseconds; undefined if for nothing. Waits may overlap. */
  get took(): Record<string, number> | undefined {
    if (this.waits.size === 0) return undefined;
    return Object.fromEntries(Array.from(this.waits, ([name, ms]) => [name, Math.round(ms * 1_000) / 1_000]));
  }
}

export function scopeOf(request: FastifyRequest): RequestScope {
  request.scope ??= new RequestScope(request);
  return request.scope;
}

/** Runs `work` on behalf of `request`. */
export const onBehalfOf = <Result>(request: FastifyRequest, work: () => Result): Result =>
  within(scopeOf(request), work);

/** The scope of the request on whose behalf the caller runs. */
export function requestScope(): RequestScope | undefined {
  const scope = currentScope();
  return scope instanceof RequestScope ? scope : undefined;
}
