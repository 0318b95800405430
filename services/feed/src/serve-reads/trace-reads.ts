import { FEED_STATUSES } from '@activity-feed/contracts';
import { beginSpan, endSpan, isTracing, type Logger, type Span, SpanKind, traceIdOf } from '@activity-feed/hosting';
import { observeRead, readOf, statusOf } from './read-metrics';

/** Milliseconds; a slower read is logged. */
const SLOW = 1_000;

/** The fields of log lines about a read. `trace`: of its query. */
export const fieldsOf = (operation: number, trace: string | undefined) => ({
  read: readOf(operation),
  trace_id: traceIdOf(trace),
});

export function beginRead(operation: number, trace: string | undefined): Span | undefined {
  if (!isTracing()) return undefined;
  const name = `feed.${readOf(operation)}`;
  return beginSpan(name, trace, { kind: SpanKind.SERVER, attributes: { 'rpc.method': name } });
}

/** Notes the end of a read in its span and the metrics. `began`: by performance.now. Returns how long it took. */
export function endRead(operation: number, status: number, began: number, span: Span | undefined): number {
  const ms = performance.now() - began;
  observeRead(operation, status, ms);
  if (span) endSpan(span, status === FEED_STATUSES.refused ? statusOf(status) : undefined);
  return ms;
}

/** A read that is behind has waited for a version in vain. */
export function logSlow(log: Logger, operation: number, status: number, ms: number, trace: string | undefined): void {
  if (ms < SLOW) return;
  const fields = { ...fieldsOf(operation, trace), ms: Math.round(ms), status: statusOf(status) };
  log.warn(fields, 'a read was slow');
}
