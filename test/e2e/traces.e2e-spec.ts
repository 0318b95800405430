import { randomBytes } from 'node:crypto';
import { request, untilCarriedOut } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import { System } from '../harness/system';
import { type ReceivedSpan, TraceReceiver } from '../harness/trace-receiver';

const TOPIC = 'activity.events.v1';
/** A span that a client has begun. */
const PARENT = '00f067aa0ba902b7';

/** Each span's name and service below the one that it belongs to, as the part of the feed that made it. */
const PATH = [
  `POST /post of gateway below ${PARENT}`,
  'activity.post-object of gateway below POST /post',
  'activity.post-object of activity below activity.post-object',
  'commit of activity below activity.post-object',
  `send ${TOPIC} of activity below activity.post-object`,
  `process ${TOPIC} of feed-projector below send ${TOPIC}`,
  `process ${TOPIC} of feed-reader below send ${TOPIC}`,
].sort();

describe('a system that records traces', () => {
  let receiver: TraceReceiver;
  let system: System;
  beforeAll(async () => {
    receiver = await TraceReceiver.open();
    const { environment } = receiver;
    const feed = { ...environment, OTEL_SERVICE_NAME: 'the feed' };
    system = await System.start({
      environment: { gateway: environment, 'social-graph': environment, activity: environment, feed },
    });
    // Learns the services' clocks: until then a gateway sends its first command twice.
    await (await system.as('nico')).post('post', 'first');
  });
  afterAll(async () => {
    await system?.stop();
    await receiver?.close();
  });

  /** Sends a request of a new trace, again if a busy service refuses it, and returns its spans once they have all of `wanted`. */
  async function spansOf(method: string, path: string, body: object | undefined, wanted: string[]) {
    const headers = { 'content-type': 'application/json', 'x-app-key': (await system.as('nico')).key };
    const init = { method, ...(body && { body: JSON.stringify(body) }) };
    let trace = '';
    await untilCarriedOut(() => {
      trace = randomBytes(16).toString('hex');
      const traceparent = `00-${trace}-${PARENT}-01`;
      return request(system.address(), path, { ...init, headers: { ...headers, traceparent } });
    });
    return eventually(`spans of ${method} ${path}`, () => {
      const spans = receiver.ofTrace(trace);
      const found = describeSpans(spans);
      if (wanted.every((one) => found.includes(one))) return spans;
      throw new Error(`there are ${found.join(', ')}`);
    });
  }

  function describeSpans(spans: readonly ReceivedSpan[]): string[] {
    const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
    return spans
      .map(({ name, service, parentSpanId = '', attributes }) => {
        const part = attributes['messaging.consumer.group.name'] ?? service;
        return `${name} of ${part} below ${names.get(parentSpanId) ?? parentSpanId}`;
      })
      .sort();
  }

  it('has one trace from the request through the transaction and the log to everybody who reads it', async () => {
    const post = { type: 'photo', content: 'Sunrise' };
    const spans = await spansOf('POST', '/post', post, PATH);
    // The key may have had to be looked up.
    const ofWrite = spans.filter(({ name }) => !name.startsWith('social-graph.'));
    expect(describeSpans(ofWrite)).toEqual(PATH);
    const [root] = spans.filter(({ parentSpanId }) => parentSpanId === PARENT);
    expect(root?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/post',
      'http.response.status_code': '200',
    });
    expect(spans.filter(({ name }) => name.startsWith('process')).map(({ service }) => service)).toEqual([
      'the feed',
      'the feed',
    ]);
  });

  it('follows a read to the feed', async () => {
    const path = [
      `GET /feed/my of gateway below ${PARENT}`,
      'feed.page of gateway below GET /feed/my',
      'feed.page of the feed below feed.page',
    ];
    const spans = await spansOf('GET', '/feed/my', undefined, path);
    expect(describeSpans(spans)).toEqual(expect.arrayContaining(path));
  });

  it('records nothing of a trace that its client does not record', async () => {
    const trace = randomBytes(16).toString('hex');
    const nico = await system.as('nico');
    await nico.get('/me', { traceparent: `00-${trace}-${PARENT}-00` });
    // Spans are sent in the order of their ends.
    await spansOf('GET', '/me', undefined, [`GET /me of gateway below ${PARENT}`]);
    expect(receiver.ofTrace(trace)).toEqual([]);
  });

  it('answers and stops as ever while the collector is unavailable', async () => {
    await receiver.close();
    const nico = await system.as('nico');
    await nico.post('post', 'not collected');
    await eventually('the gateway reports it', () => system.gateways[0]?.output.includes('traces: '), {
      within: 90_000,
    });
    expect(await Promise.all(system.processes.map((service) => service.end('SIGTERM')))).toEqual([0, 0, 0, 0]);
  });
});
