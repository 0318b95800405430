import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  type SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { isSampled, spanContextOf, traceparentFrom } from './traceparent';

export { SpanKind } from '@opentelemetry/api';
export type { Span };

let tracer: Tracer | undefined;

/** Whether spans are recorded. It does not change after the start. */
export const isTracing = (): boolean => tracer !== undefined;

/** To be called once a tracer provider is registered with the API. */
export function beginTracing(): void {
  tracer = trace.getTracer('activity-feed');
}

/** For tests. */
export function endTracing(): void {
  tracer = undefined;
}

interface SpanOptions {
  kind: SpanKind;
  attributes?: Attributes;
  /** By performance.now; now if undefined. */
  startTime?: number;
}

/** Begins the first span of a trace, or continues the trace of a client. Undefined while tracing is off. */
export function beginTrace(name: string, traceparent: unknown, options: SpanOptions): Span | undefined {
  const parent = spanContextOf(traceparent);
  return tracer?.startSpan(name, options, parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT);
}

/** Begins a span below another one that is recorded. Undefined for any other, and while tracing is off. */
export function beginSpan(name: string, traceparent: unknown, options: SpanOptions): Span | undefined {
  if (!tracer) return undefined;
  const parent = spanContextOf(traceparent);
  return isSampled(parent) ? tracer.startSpan(name, options, trace.setSpanContext(ROOT_CONTEXT, parent)) : undefined;
}

export const traceparentOfSpan = (span: Span): string => traceparentFrom(span.spanContext());

/** Ends a span; `error`: a code or message, if it failed. `endTime`: by performance.now. */
export function endSpan(span: Span | undefined, error?: string, endTime?: number): void {
  if (error !== undefined) span?.setStatus({ code: SpanStatusCode.ERROR, message: error });
  span?.end(endTime);
}
