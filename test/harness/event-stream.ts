import { eventually } from './eventually';

export interface ReceivedEvent {
  /** The last id that was received with it or before it. */
  id: string | undefined;
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: any event's data
  data: any;
}

/** A client of server-sent events with a key, which browsers' EventSource cannot send. */
export class EventStream {
  readonly events: ReceivedEvent[] = [];
  /** As the standard has it: also of blocks without an event. */
  lastId: string | undefined;
  /** Milliseconds, as the server asks for. */
  retry: number | undefined;
  beats = 0;
  /** Whether the server has ended it, or the connection was lost. */
  isOver = false;
  private readonly abort = new AbortController();
  private rest = '';

  private constructor(readonly response: Response) {}

  static async open(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
    const abort = new AbortController();
    const response = await fetch(url, { headers, signal: abort.signal });
    const stream = new EventStream(response);
    stream.abort.signal.addEventListener('abort', () => abort.abort());
    if (response.ok) void stream.read();
    return stream;
  }

  get status(): number {
    return this.response.status;
  }

  close(): void {
    this.isOver = true;
    this.abort.abort();
  }

  /** Waits until an event `is` among the received ones. */
  async until(title: string, is: (event: ReceivedEvent) => boolean): Promise<ReceivedEvent> {
    try {
      return (await eventually(title, () => this.events.find(is) ?? false)) as ReceivedEvent;
    } catch (cause) {
      throw new Error(`${title}: not among ${JSON.stringify(this.events)}`, { cause });
    }
  }

  ended(): Promise<unknown> {
    return eventually('the stream has ended', () => this.isOver);
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.response.body as unknown as AsyncIterable<Uint8Array>) {
        this.take(decoder.decode(chunk, { stream: true }));
      }
    } catch {
      // The connection was lost or closed.
    }
    this.isOver = true;
  }

  private take(text: string): void {
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() as string;
    for (const block of blocks) this.dispatch(block.split('\n'));
  }

  private dispatch(lines: string[]): void {
    const fields = new Map<string, string>();
    for (const line of lines) {
      const [name = '', ...value] = line.split(':');
      fields.set(name, value.join(':').replace(/^ /, ''));
    }
    if (fields.has('')) this.beats++;
    if (fields.has('retry')) this.retry = Number(fields.get('retry'));
    this.lastId = fields.get('id') ?? this.lastId;
    const data = fields.get('data');
    if (data === undefined) return;
    this.events.push({ id: this.lastId, event: fields.get('event') ?? 'message', data: JSON.parse(data) });
  }
}
