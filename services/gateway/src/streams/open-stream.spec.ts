import { once } from 'node:events';
import { type ClientRequest, createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FEED_STATUSES, type StreamQuery, type UserId } from '@activity-feed/contracts';
import { LinkError, type Subscriber } from '@activity-feed/link';
import { OpenStream } from './open-stream';
import { StreamConnection } from './stream-connection';

const reader = 7 as UserId;
const AGAIN = { status: FEED_STATUSES.ok, payload: '' };
const refused = (code: string) => ({ status: FEED_STATUSES.refused, payload: code });
const lost = () => new LinkError('DISCONNECTED', 'no connection');

/** Subscriptions to a reader that a test speaks for. */
class FakeFeed {
  readonly opened: { query: StreamQuery; subscriber: Subscriber; isOver: boolean }[] = [];

  subscribe(_list: string, query: StreamQuery, subscriber: Subscriber): () => void {
    const subscription = { query, subscriber, isOver: false };
    this.opened.push(subscription);
    return () => {
      subscription.isOver = true;
    };
  }

  get last() {
    return this.opened.at(-1) as FakeFeed['opened'][number];
  }

  say(id: number, text = 'x'): void {
    this.last.subscriber.message(`id: ${id}\nevent: entry\ndata: ${text}\n\n`);
  }
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise(setImmediate);
}

describe('a stream at the gateway', () => {
  let server: Server;
  let feed: FakeFeed;
  let stream: OpenStream;
  let connection: StreamConnection | undefined;
  let received = '';
  let asking: ClientRequest;
  let client: IncomingMessage;
  let onEnd: jest.Mock;

  /** Opens it with a client that reads, if it is to. */
  async function open(since?: string, reads = true): Promise<void> {
    [feed, onEnd, connection] = [new FakeFeed(), jest.fn(), undefined];
    server = createServer((message, response) => {
      const connect = () => {
        connection = StreamConnection.begin(message, response, { 'x-request-id': '1' });
        return connection;
      };
      stream = new OpenStream({ feed, list: 'friends', reader, since, connect, onEnd });
      response.once('close', () => !connection && stream.end());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    asking = request({ port, host: '127.0.0.1' }).end();
    asking.on('response', (message) => {
      client = message;
      if (reads) message.setEncoding('utf8').on('data', (text) => (received += text));
    });
    asking.on('error', () => undefined);
    await until(() => feed.opened.length > 0);
  }

  async function close(): Promise<void> {
    connection?.destroy();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  beforeEach(() => {
    received = '';
  });
  afterEach(close);

  const isReceived = (text: string) => until(() => received.includes(text));

  it('passes on what the reader says, and asks clients to reconnect after different times', async () => {
    await open();
    feed.say(1);
    expect(await stream.opened).toBeUndefined();
    feed.say(2);
    await isReceived('id: 2\nevent: entry\ndata: x\n\n');
    expect(client.headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': '1' });
    expect(received).toMatch(/^retry: \d{4}\n\nid: 1\n/);
  });

  it('continues at another reader from the last position, when the first one is lost or wants it', async () => {
    await open('0');
    expect(feed.last.query).toEqual({ reader: 7, since: '0' });
    feed.say(1);
    feed.last.subscriber.message(':\nid: 2\n\n');
    feed.last.subscriber.ended(AGAIN);
    await until(() => feed.opened.length === 2);
    expect(feed.last.query).toEqual({ reader: 7, since: '2' });
    for (let attempt = 3; attempt <= 4; attempt++) {
      feed.last.subscriber.ended(lost());
      await until(() => feed.opened.length === attempt);
    }
    expect(feed.last.query).toEqual({ reader: 7, since: '2' });
    feed.say(3);
    await isReceived('id: 3');
    expect(onEnd).not.toHaveBeenCalled();
  });

  it('is refused with the reader’s error before it has begun, and ends with it later', async () => {
    await open();
    feed.last.subscriber.ended(refused('USER_SUSPENDED'));
    expect(await stream.opened).toBe('USER_SUSPENDED');
    expect([connection, onEnd.mock.calls.length]).toEqual([undefined, 1]);
    await close();
    await open();
    feed.say(1);
    feed.last.subscriber.ended(refused('USER_SUSPENDED'));
    await until(() => client?.complete);
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  it('is not opened without a reader, which it looks for', async () => {
    await open();
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
    try {
      feed.last.subscriber.ended(lost());
      for (let attempt = 2; ; attempt++) {
        await jest.advanceTimersByTimeAsync(1_000);
        if (feed.opened.length < attempt) break;
        feed.last.subscriber.ended(lost());
      }
    } finally {
      jest.useRealTimers();
    }
    expect(await stream.opened).toBe('SERVICE_UNAVAILABLE');
    expect(feed.opened.length).toBeGreaterThan(2);
  });

  it('is not opened for a client that has gone', async () => {
    await open();
    asking.destroy();
    await until(() => feed.last.isOver);
    expect(await stream.opened).toBe('SERVICE_UNAVAILABLE');
    feed.say(1);
    expect([connection, onEnd.mock.calls.length]).toEqual([undefined, 1]);
  });

  it('begins with the writes that it must show, and continues from its position', async () => {
    await open();
    const atLeast = [{ source: 'social-graph' as const, stream: reader, version: 3 }];
    const client = { onClose: () => undefined, write: () => undefined, whenRead: (then: () => void) => then() };
    const connect = () => client as unknown as StreamConnection;
    const other = new OpenStream({ feed, list: 'friends', reader, since: undefined, atLeast, connect, onEnd });
    expect(feed.last.query).toEqual({ reader, since: undefined, atLeast });
    feed.say(7);
    feed.last.subscriber.ended({ status: 0, payload: '' });
    expect(feed.last.query).toEqual({ reader, since: '7', atLeast: undefined });
    other.end();
  });

  it('is over when the client cannot be sent it', async () => {
    await open();
    const other = new OpenStream({
      ...{ feed, list: 'friends', reader, since: undefined, onEnd },
      connect: () => undefined,
    });
    feed.say(1);
    expect(await other.opened).toBeUndefined();
    expect([feed.last.isOver, onEnd.mock.calls.length]).toEqual([true, 1]);
  });

  it('asks the client to reconnect when the gateway stops', async () => {
    await open();
    feed.say(1);
    await isReceived('id: 1');
    await stream.leave();
    await until(() => client.complete);
    expect(received).toMatch(/retry: \d{4}\n\n$/);
    expect(feed.last.isOver).toBe(true);
  });

  it('unsubscribes when the client has gone', async () => {
    await open();
    feed.say(1);
    await isReceived('id: 1');
    client.destroy();
    await until(() => feed.last.isOver);
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  it('is closed when the client leaves too much unread, and holds no more than that', async () => {
    await open(undefined, false);
    const text = 'x'.repeat(1_000);
    let most = 0;
    for (let id = 1; !feed.last.isOver; id++) {
      feed.say(id, text);
      most = Math.max(most, connection?.unread ?? 0);
      if (id % 50 === 0) await new Promise(setImmediate);
    }
    await expect(once(client.resume(), 'end')).rejects.toThrow('aborted');
    expect(most).toBeGreaterThan(64 * 1024);
    expect(most).toBeLessThan(4 * 64 * 1024);
  });

  it('is not closed for a burst that the client reads', async () => {
    await open();
    for (let id = 1; id <= 500; id++) feed.say(id, 'x'.repeat(1_000));
    await isReceived('id: 500');
    expect(feed.last.isOver).toBe(false);
  });
});
