import type { SpanContext } from '@opentelemetry/api';

/** The W3C format: version, trace, span, flags. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const SAMPLED = 1;

/** The span that a trace context names; undefined for anything else. */
export function spanContextOf(traceparent: unknown): SpanContext | undefined {
  const [, traceId, spanId, flags] = (typeof traceparent === 'string' && TRACEPARENT.exec(traceparent)) || [];
  if (!traceId || !spanId) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags as string, 16), isRemote: true };
}

export const traceparentFrom = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;

/** The trace of a trace context, or of a request whose id (a UUID) names its trace. */
export function traceIdOf(trace: unknown): string | undefined {
  if (typeof trace === 'string' && UUID.test(trace)) return trace.replaceAll('-', '');
  return spanContextOf(trace)?.traceId;
}

export const isSampled = (context: SpanContext | undefined): context is SpanContext =>
  context !== undefined && (context.traceFlags & SAMPLED) === SAMPLED;
