import type { LinkClient } from '../src/link-client';
import type { Handler, Publisher, SubscribeHandler } from '../src/link-server';
import { NOTHING, recorder, STREAM } from './streams';

/** Both sides of one subscription, and what the subscriber must have received. */
export class ModelledStream {
  readonly subscriber = recorder();
  readonly sent: string[] = [];
  publisher: Publisher | undefined;
  stops = 0;
  endedByServer = false;
  /** Messages received before the client unsubscribed. */
  receivedUntilLeft: number | undefined;
  leave = () => {};

  /** Whether it has ended on neither side. */
  get open(): boolean {
    return !this.endedByServer && this.receivedUntilLeft === undefined;
  }

  send(length: number): void {
    const message = `${this.sent.length}`.padEnd(length, '.');
    if (this.publisher?.send(Buffer.from(message))) this.sent.push(message);
  }

  end(): void {
    if (!this.publisher || this.stops > 0) return;
    this.endedByServer = true;
    this.publisher.end({ status: 7, payload: Buffer.from('end') });
  }

  unsubscribe(): void {
    this.receivedUntilLeft ??= this.subscriber.messages.length;
    this.leave();
  }

  /** While frames are under way: the subscriber has a prefix of what was sent, or all of it and the end. */
  check(): void {
    const { messages, ends } = this.subscriber;
    expect(messages).toEqual(this.sent.slice(0, messages.length));
    if (this.receivedUntilLeft !== undefined) expect(messages).toHaveLength(this.receivedUntilLeft);
    if (ends.length === 0) return;
    expect(ends).toEqual([{ status: 7, payload: 'end' }]);
    expect(messages).toHaveLength(this.sent.length);
  }

  /** When all frames have arrived. */
  checkSettled(): void {
    const { messages, ends } = this.subscriber;
    this.check();
    expect(this.stops).toBe(!this.open && !this.endedByServer ? 1 : 0);
    if (this.receivedUntilLeft !== undefined) return;
    expect(messages).toHaveLength(this.sent.length);
    expect(ends).toHaveLength(this.endedByServer ? 1 : 0);
  }
}

/** The subscriptions and calls of one client. */
export class ModelledStreams {
  readonly all: ModelledStream[] = [];
  /** Answers how many messages each subscription has been sent. */
  readonly handler: Handler = () => ({ status: 0, payload: Buffer.from(JSON.stringify(this.all.map(countSent))) });

  readonly subscribe: SubscribeHandler = (_, payload, publisher) => {
    const stream = this.all[Number(payload)] as ModelledStream;
    stream.publisher = publisher;
    return () => {
      stream.stops++;
    };
  };

  begin(client: LinkClient): void {
    const stream = new ModelledStream();
    this.all.push(stream);
    stream.leave = client.subscribe(STREAM, Buffer.from(`${this.all.length - 1}`), stream.subscriber);
  }

  /** What was sent before the answer must have arrived before it. */
  async call(client: LinkClient): Promise<void> {
    const { payload } = await client.call(0, NOTHING);
    for (const [index, sent] of (JSON.parse(payload) as number[]).entries()) {
      const { receivedUntilLeft, subscriber } = this.all[index] as ModelledStream;
      if (receivedUntilLeft === undefined) expect(subscriber.messages.length).toBeGreaterThanOrEqual(sent);
    }
  }
}

const countSent = ({ sent }: ModelledStream) => sent.length;
