import type { RelayOptions } from '@activity-feed/eventing';
import { beginSpan, endSpan, isTracing, type Span, SpanKind, traceparentOfSpan } from '@activity-feed/hosting';

/** Records a span of the send of each event whose trace is recorded, and lets its consumers continue from there. */
export const traceSends: RelayOptions['onSending'] = (topic, messages) => {
  if (!isTracing()) return undefined;
  const spans: Span[] = [];
  for (const { headers } of messages) {
    const attributes = attributesOf('send', topic, headers);
    const span = beginSpan(`send ${topic}`, headers.traceparent, { kind: SpanKind.PRODUCER, attributes });
    if (!span) continue;
    headers.traceparent = traceparentOfSpan(span);
    spans.push(span);
  }
  return (error) => {
    for (const span of spans) endSpan(span, error === undefined ? undefined : String(error));
  };
};

interface Received {
  readonly topic: string;
  readonly messages: readonly { readonly headers: Record<string, string> }[];
}

/** Does `work` with received events. Records a span of it for each of them whose trace is recorded. */
export async function traceProcessing<Result>(
  group: string,
  batches: readonly Received[],
  work: () => Promise<Result>,
): Promise<Result> {
  const spans = isTracing() ? spansOf(group, batches) : [];
  try {
    const result = await work();
    for (const span of spans) endSpan(span);
    return result;
  } catch (error) {
    for (const span of spans) endSpan(span, String(error));
    throw error;
  }
}

const spansOf = (group: string, batches: readonly Received[]): Span[] =>
  batches.flatMap(({ topic, messages }) =>
    messages.flatMap(({ headers }) => {
      const attributes = { ...attributesOf('process', topic, headers), 'messaging.consumer.group.name': group };
      const options = { kind: SpanKind.CONSUMER, attributes };
      return beginSpan(`process ${topic}`, headers.traceparent, options) ?? [];
    }),
  );

const attributesOf = (operation: string, topic: string, headers: Record<string, string>) => ({
  'messaging.system': 'kafka',
  'messaging.operation.name': operation,
  'messaging.operation.type': operation,
  'messaging.destination.name': topic,
  ...(headers.ce_id && { 'messaging.message.id': headers.ce_id }),
});
