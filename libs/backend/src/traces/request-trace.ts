import {
  beginSpan,
  currentScope,
  endSpan,
  type Logger,
  type Scope,
  type Span,
  SpanKind,
  traceIdOf,
  traceparentOfSpan,
} from '@activity-feed/hosting';

/** Milliseconds; a slower command or query is logged. */
const SLOW = 1_000;

interface Traced {
  traceparent?: string;
}

const traces = new WeakMap<Traced, RequestTrace>();

/** A command or query of a gateway, for its log lines and its trace. */
export class RequestTrace implements Scope {
  readonly ids: { trace_id?: string };
  isOver = false;
  /** Milliseconds of a command by what they were spent on. */
  took: Record<string, number> | undefined;
  private readonly beganAt = performance.now();
  private readonly span: Span | undefined;

  /** `message` gets the trace context of its own span: that is what its events store. */
  constructor(
    private readonly pattern: string,
    message: Traced | undefined,
  ) {
    const traceparent = message?.traceparent;
    const traceId = traceIdOf(traceparent);
    this.ids = traceId === undefined ? {} : { trace_id: traceId };
    this.span = beginSpan(pattern, traceparent, { kind: SpanKind.SERVER, attributes: { 'rpc.method': pattern } });
    if (!message) return;
    traces.set(message, this);
    if (this.span) message.traceparent = traceparentOfSpan(this.span);
  }

  /** `code`: of an answer that is an error. */
  end(logger: Pick<Logger, 'warn'>, code: string | undefined, now = performance.now()): void {
    endSpan(this.span, code, now);
    const ms = now - this.beganAt;
    if (ms >= SLOW) {
      const fields = { request: this.pattern, ms: roundMs(ms), took: this.took, code };
      logger.warn({ ...this.ids, ...fields }, 'a command or query was slow');
    }
    this.isOver = true;
  }
}

/** That of a message: Nest's filters run outside of its scope. */
export const traceOf = (message: Traced | undefined): RequestTrace | undefined => message && traces.get(message);

/** That which the caller belongs to. */
export function currentTrace(): RequestTrace | undefined {
  const scope = currentScope();
  return scope instanceof RequestTrace ? scope : undefined;
}

export const roundMs = (ms: number): number => Math.round(ms * 1_000) / 1_000;
