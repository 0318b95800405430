import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

type Attributes = Record<string, string | undefined>;

export interface ReceivedSpan {
  service: string | undefined;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  attributes: Attributes;
}

interface KeyValue {
  key: string;
  value: { stringValue?: string; intValue?: number };
}

/** The body of a request of OTLP over HTTP, as JSON. */
interface Export {
  resourceSpans: {
    resource: { attributes: KeyValue[] };
    scopeSpans: { spans: (Omit<ReceivedSpan, 'service' | 'attributes'> & { attributes: KeyValue[] })[] }[];
  }[];
}

/** A collector of traces. */
export class TraceReceiver {
  readonly spans: ReceivedSpan[] = [];
  private readonly server: Server = createServer((request, response) => {
    json(request).then((body) => {
      this.take(body as Export);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  static async open(): Promise<TraceReceiver> {
    const receiver = new TraceReceiver();
    await once(receiver.server.listen(0, '127.0.0.1'), 'listening');
    return receiver;
  }

  /** What makes a service send its spans here, soon. */
  get environment(): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    return { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_BSP_SCHEDULE_DELAY: '100' };
  }

  ofTrace(traceId: string): ReceivedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take({ resourceSpans }: Export): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = toAttributes(resource.attributes)['service.name'];
      for (const { spans } of scopeSpans) {
        this.spans.push(...spans.map((span) => ({ ...span, service, attributes: toAttributes(span.attributes) })));
      }
    }
  }
}

const toAttributes = (pairs: KeyValue[]): Attributes =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, value.stringValue ?? String(value.intValue)]));
