import { beginTracing, endTracing } from '@activity-feed/hosting';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { traceProcessing, traceSends } from './trace-events';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const TOPIC = 'activity.events.v1';

const messageWith = (traceparent?: string) => ({
  key: '1',
  value: '{}',
  headers: { ce_id: 'an event', ...(traceparent && { traceparent }) } as Record<string, string>,
});

describe('the spans of events', () => {
  const exporter = new InMemorySpanExporter();
  beforeAll(() => {
    const spanProcessors = [new SimpleSpanProcessor({ exporter })];
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors }));
    beginTracing();
  });
  afterEach(() => exporter.reset());
  afterAll(() => {
    endTracing();
    trace.disable();
  });

  it('continue the trace of each event whose trace is recorded, and let its consumers continue it', () => {
    const unrecorded = `00-${TRACE}-${SPAN}-00`;
    const messages = [messageWith(`00-${TRACE}-${SPAN}-01`), messageWith(unrecorded), messageWith()];
    const end = traceSends?.(TOPIC, messages);
    expect(exporter.getFinishedSpans()).toEqual([]);
    end?.();
    const [span, ...others] = exporter.getFinishedSpans();
    expect(others).toEqual([]);
    expect(span).toMatchObject({ name: `send ${TOPIC}`, parentSpanContext: { traceId: TRACE, spanId: SPAN } });
    const { spanId } = span?.spanContext() ?? {};
    const [first, second, third] = messages.map(({ headers }) => headers.traceparent);
    expect(first).toBe(`00-${TRACE}-${spanId}-01`);
    expect([second, third]).toEqual([unrecorded, undefined]);
  });

  it('say that a send has failed', () => {
    traceSends?.(TOPIC, [messageWith(`00-${TRACE}-${SPAN}-01`)])?.(new Error('no broker'));
    const [span] = exporter.getFinishedSpans();
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'Error: no broker' });
  });

  it('last as long as the work with the event, and fail with it', async () => {
    const batch = { topic: TOPIC, messages: [messageWith(`00-${TRACE}-${SPAN}-01`), messageWith()] };
    const done = await traceProcessing('feed-reader', [batch], async () => {
      expect(exporter.getFinishedSpans()).toEqual([]);
      return 'done';
    });
    expect(done).toBe('done');
    const failing = traceProcessing('feed-reader', [batch], () => Promise.reject(new Error('no database')));
    await expect(failing).rejects.toThrow('no database');
    const spans = exporter.getFinishedSpans();
    expect(spans.map(({ name, status }) => [name, status.code])).toEqual([
      [`process ${TOPIC}`, SpanStatusCode.UNSET],
      [`process ${TOPIC}`, SpanStatusCode.ERROR],
    ]);
  });

  it('are none while tracing is off', async () => {
    endTracing();
    const traceparent = `00-${TRACE}-${SPAN}-01`;
    const message = messageWith(traceparent);
    expect(traceSends?.(TOPIC, [message])).toBeUndefined();
    await traceProcessing('feed-reader', [{ topic: TOPIC, messages: [message] }], async () => undefined);
    expect(exporter.getFinishedSpans()).toEqual([]);
    expect(message.headers.traceparent).toBe(traceparent);
  });
});
