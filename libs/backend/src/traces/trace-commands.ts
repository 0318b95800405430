import type { CommandObserver } from '@activity-feed/eventing';
import { beginSpan, endSpan, SpanKind } from '@activity-feed/hosting';
import { currentTrace, roundMs } from './request-trace';

/**
 * Notes what the time of a command was spent on, and records a span of its transaction. Commands that share a transaction each have
 * one, with the same times.
 */
export const traceCommand: CommandObserver['arrived'] = (_name, { traceparent }) => {
  const trace = currentTrace();
  return (ending, { arrivedAt, readyAt = arrivedAt, beganAt, endedAt, together }) => {
    if (trace) {
      trace.took = {
        ...(readyAt > arrivedAt && { precondition: roundMs(readyAt - arrivedAt) }),
        queue: roundMs((beganAt ?? endedAt) - readyAt),
        ...(beganAt !== undefined && { transaction: roundMs(endedAt - beganAt) }),
      };
    }
    if (beganAt === undefined) return;
    const attributes = { 'db.system.name': 'postgresql', 'command.batch_size': together };
    const span = beginSpan('commit', traceparent, { kind: SpanKind.INTERNAL, attributes, startTime: beganAt });
    endSpan(span, ending === 'failed' ? ending : undefined, endedAt);
  };
};
