import { beginSpan, endSpan, SpanKind, traceparentOfSpan } from '@activity-feed/hosting';
import { type RequestScope, requestScope } from './request-scope';

/** A call of another service on behalf of a request. */
export interface Call {
  /** For the message. */
  readonly traceparent: string;
  /** `error`: the code of a failed call. */
  end(error?: string): void;
}

/** Undefined if the caller runs on behalf of no request. `name`: of the message. */
export function beginCall(name: string, scope: RequestScope | undefined = requestScope()): Call | undefined {
  if (!scope) return undefined;
  const since = performance.now();
  const parent = scope.traceparent();
  const span = scope.span && beginSpan(name, parent, { kind: SpanKind.CLIENT, attributes: { 'rpc.method': name } });
  return {
    traceparent: span ? traceparentOfSpan(span) : parent,
    end: (error) => {
      scope.noteWait(name, since);
      endSpan(span, error);
    },
  };
}
