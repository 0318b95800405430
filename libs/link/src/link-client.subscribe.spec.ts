import { setImmediate as turnEnd } from 'node:timers/promises';
import { times } from '../test/calls';
import { endAll, link, serve, until } from '../test/loopback';
import { ECHO, NOTHING, recorder, STREAM, serveFrames, serveOld, streams } from '../test/streams';
import { LAST_ID } from './call-ids';
import { CANCEL, encodeFrame, FULL, LAGGED, PROBE } from './frame';
import type { LinkClient, LinkClientOptions } from './link-client';
import { LinkError } from './link-error';

const bytes = (text: string) => Buffer.from(text, 'latin1');

afterEach(endAll);

/** A client with `count` subscriptions that have begun. */
async function withSubscriptions(count: number, options: LinkClientOptions = {}) {
  const { begun, subscribe } = streams();
  const { port, server } = await serve(ECHO, { subscribe });
  const client = link(port, options);
  const subscribers = times(count, recorder);
  const leave = subscribers.map((subscriber, i) => client.subscribe(STREAM, bytes(String(i)), subscriber));
  await until(() => begun.length === count, 'the subscriptions have begun');
  return { begun, port, server, client, subscribers, leave };
}

const received = ({ messages, ends }: ReturnType<typeof recorder>) => ({ messages, ends });

describe('LinkClient.subscribe', () => {
  it('receives messages and the end, before the answers that were sent later', async () => {
    const { begun, client, subscribers } = await withSubscriptions(2);
    for (const { operation, text, publisher } of begun) {
      for (const part of ['é', text, '']) publisher.send(bytes(part));
      if (text === '1') publisher.end({ status: 9, payload: bytes(`end of ${operation}`) });
    }
    await client.call(0, NOTHING);
    expect(subscribers.map(received)).toEqual([
      { messages: ['é', '0', ''], ends: [] },
      { messages: ['é', '1', ''], ends: [{ status: 9, payload: 'end of 130' }] },
    ]);
    expect(client.subscriptions).toBe(1);
  });

  it('sends a message to each of 10,000 subscriptions on one connection', async () => {
    const { begun, client, server, subscribers, leave } = await withSubscriptions(10_000);
    expect([server.subscriptions, client.subscriptions]).toEqual([10_000, 10_000]);
    for (const { text, publisher } of begun) publisher.send(bytes(text.padEnd(300)));
    await client.call(0, NOTHING);
    expect(subscribers.every(({ messages }, i) => messages.length === 1 && messages[0]?.trim() === String(i))).toBe(
      true,
    );
    for (const unsubscribe of leave) unsubscribe();
    await client.call(0, NOTHING);
    expect([server.subscriptions, client.subscriptions]).toEqual([0, 0]);
    expect(begun.every(({ stops }) => stops === 1)).toBe(true);
  });

  it('receives nothing after unsubscribing, though messages and the end are under way', async () => {
    const { begun, client, subscribers, leave } = await withSubscriptions(2);
    for (const { publisher } of begun) publisher.send(bytes('a'));
    begun[0]?.publisher.end({ status: 0, payload: NOTHING });
    for (const unsubscribe of leave) unsubscribe();
    for (const unsubscribe of leave) unsubscribe();
    await client.call(0, NOTHING);
    expect(subscribers.map(received)).toEqual(times(2, () => ({ messages: [], ends: [] })));
    expect(begun.map(({ stops }) => stops)).toEqual([0, 1]);
    client.close();
    expect(subscribers.map(({ ends }) => ends)).toEqual([[], []]);
  });

  it('may unsubscribe while it receives a message', async () => {
    const { begun, subscribe } = streams();
    const { port } = await serve(ECHO, { subscribe });
    const client = link(port);
    const subscriber = recorder();
    const unsubscribe = client.subscribe(STREAM, NOTHING, {
      ...subscriber,
      message: (payload) => {
        subscriber.message(payload);
        unsubscribe();
      },
    });
    await until(() => begun.length === 1, 'it has begun');
    for (const part of ['a', 'b']) begun[0]?.publisher.send(bytes(part));
    await client.call(0, NOTHING);
    await client.call(0, NOTHING);
    expect(received(subscriber)).toEqual({ messages: ['a'], ends: [] });
    expect(begun[0]?.stops).toBe(1);
  });

  it('sends CANCEL once, and not for a subscription that is over', async () => {
    const { port, received } = await serveFrames((id, operation) =>
      operation === CANCEL || operation === STREAM ? undefined : encodeFrame(id, 0, NOTHING),
    );
    const client = link(port);
    const leaveOpen = client.subscribe(STREAM, NOTHING, recorder());
    const over = recorder();
    const leaveOver = client.subscribe(STREAM + 1, NOTHING, over);
    await until(() => over.ends.length === 1, 'one is over');
    for (const unsubscribe of [leaveOpen, leaveOver, leaveOpen]) unsubscribe();
    await client.call(0, NOTHING);
    expect(received.filter(({ operation }) => operation === CANCEL)).toEqual([{ id: 1, operation: CANCEL }]);
  });

  it('ends as DISCONNECTED when the server closes', async () => {
    const { server, client, subscribers } = await withSubscriptions(3);
    await server.close();
    await until(() => !client.connected, 'the client has noticed it');
    expect(subscribers.map(({ ends }) => ends)).toMatchObject(times(3, () => [{ code: 'DISCONNECTED' }]));
  });

  it('ends as DISCONNECTED when the connection is lost', async () => {
    const { port } = await serveFrames((id, _, socket) => {
      if (id === 3) socket.resetAndDestroy();
      return undefined;
    });
    const client = link(port);
    const subscribers = times(3, recorder);
    for (const subscriber of subscribers) client.subscribe(STREAM, NOTHING, subscriber);
    await until(() => subscribers.every(({ ends }) => ends.length > 0), 'all have ended');
    const lost = { code: 'DISCONNECTED', retryable: true, cause: { code: 'ECONNRESET' } };
    expect(subscribers.map(({ ends }) => ends)).toMatchObject(times(3, () => [lost]));
    expect(client.subscriptions).toBe(0);
  });

  it('ends as CLOSED when the link is closed', async () => {
    const { client, subscribers, begun } = await withSubscriptions(2);
    client.close();
    expect(subscribers.map(({ ends }) => ends)).toMatchObject(times(2, () => [{ code: 'CLOSED', retryable: false }]));
    await until(() => begun.every(({ stops }) => stops === 1), 'the server has stopped them');
  });

  it.each([
    [LAGGED, 'not received'],
    [FULL, 'too many'],
  ])('ends as OVERLOADED on status %i: %s', async (status, message) => {
    const { port } = await serveFrames((id) => encodeFrame(id, status, NOTHING));
    const subscriber = recorder();
    link(port).subscribe(STREAM, NOTHING, subscriber);
    await until(() => subscriber.ends.length > 0, 'it has ended');
    expect(subscriber.ends).toMatchObject([
      { code: 'OVERLOADED', retryable: true, message: expect.stringContaining(message) },
    ]);
  });

  it('is refused after it has returned, unless unsubscribed', async () => {
    const { port, server } = await serve(ECHO);
    const up = link(port, { requestLimit: 1024 });
    await up.call(0, NOTHING);
    const gone = await serve(ECHO);
    await gone.server.close(0);
    const down = link(gone.port);
    await expect(down.call(0, NOTHING)).rejects.toMatchObject({ code: 'DISCONNECTED' });
    const closed = link(port);
    closed.close();
    const cases: [LinkClient, number, Buffer][] = [
      [up, 127, NOTHING],
      [up, PROBE, NOTHING],
      [up, 130.5, NOTHING],
      [up, STREAM, Buffer.alloc(1020)],
      [down, STREAM, NOTHING],
      [closed, STREAM, NOTHING],
    ];
    const subscribers = cases.map(recorder);
    for (const [i, [client, operation, payload]] of cases.entries()) {
      client.subscribe(operation, payload, subscribers[i] as (typeof subscribers)[number]);
      client.subscribe(operation, payload, subscribers[i] as (typeof subscribers)[number])();
    }
    expect(subscribers.flatMap(({ ends }) => ends)).toEqual([]);
    await turnEnd();
    const codes = subscribers.map(({ ends }) => ends.map((end) => (end as LinkError).code));
    expect(codes).toEqual([['REFUSED'], ['REFUSED'], ['REFUSED'], ['REFUSED'], ['DISCONNECTED'], ['CLOSED']]);
    expect(server.subscriptions).toBe(0);
    await expect(up.call(STREAM, NOTHING)).rejects.toMatchObject({ code: 'REFUSED' });
  });

  it('ends with the refusal of a server without subscriptions, whose other answers do no harm', async () => {
    const { port, received } = await serveOld(4, 'unknown operation');
    const client = link(port);
    const [subscriber, left] = [recorder(), recorder()];
    client.subscribe(STREAM, NOTHING, subscriber);
    client.subscribe(STREAM, NOTHING, left)();
    client.probe();
    await until(() => subscriber.ends.length > 0, 'it has ended');
    await expect(client.call(1, NOTHING)).resolves.toEqual({ status: 4, payload: 'unknown operation' });
    expect(subscriber.ends).toEqual([{ status: 4, payload: 'unknown operation' }]);
    expect(left.ends).toEqual([]);
    expect(received.map(({ operation }) => operation)).toEqual([STREAM, STREAM, CANCEL, PROBE, 1]);
    expect(client.connected).toBe(true);
  });

  it('shares ids with calls without a collision when they begin again', async () => {
    const { begun, client, subscribers } = await withSubscriptions(2);
    (client as unknown as { ids: { last: number } }).ids.last = LAST_ID - 1;
    const late = recorder();
    client.subscribe(STREAM, bytes('late'), late);
    await expect(client.call(5, bytes('page'))).resolves.toEqual({ status: 5, payload: 'page' });
    expect(begun).toHaveLength(3);
    for (const { text, publisher } of begun) publisher.send(bytes(text));
    await client.call(0, NOTHING);
    expect([...subscribers, late].map(({ messages }) => messages)).toEqual([['0'], ['1'], ['late']]);
  });
});
