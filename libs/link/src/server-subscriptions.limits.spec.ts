import { setImmediate as turnEnd } from 'node:timers/promises';
import { endAll, link, serve, until } from '../test/loopback';
import { clientOf, ECHO, NOTHING, recorder, STREAM, withStreams } from '../test/streams';
import { CANCEL, CLOSING, FULL, LAGGED, MESSAGE, PROBE } from './frame';

afterEach(endAll);

describe('limits of the subscriptions of a LinkServer', () => {
  it('refuse a message that is too long, and continue', async () => {
    const { begun, client } = await withStreams(1, { answerLimit: 105 });
    expect(() => begun[0]?.publisher.send(Buffer.alloc(101))).toThrow(RangeError);
    expect(begun[0]?.publisher.send(Buffer.alloc(100))).toBe(true);
    await until(() => client.answers.length === 1, 'the message has arrived');
    expect(client.answers).toEqual([{ id: 1, status: MESSAGE, length: 100 }]);
  });

  it('are limited per connection', async () => {
    const { begun, client, port, server } = await withStreams(2, { subscriptionLimit: 2 });
    client.say(3, STREAM);
    await until(() => client.answers.length === 1, 'the third is refused');
    expect(client.received()).toEqual([[3, FULL, '']]);
    client.say(1, CANCEL);
    client.say(4, STREAM);
    await until(() => begun.length === 3, 'there is room again');
    await clientOf(port, [1, 2]);
    await until(() => server.subscriptions === 4, 'another connection has its own limit');
  });

  it('do not count as calls in progress', async () => {
    const { port, client } = await withStreams(10, { callLimit: 1 });
    client.say(11, 1);
    await until(() => client.answers.length === 1, 'a call on the same connection is answered');
    await expect(link(port).call(1, NOTHING)).resolves.toMatchObject({ status: 1 });
  });

  it('end as LAGGED when the client does not receive their messages', async () => {
    const { begun, port, client, server } = await withStreams(2, { messageBytes: 100_000 });
    client.socket.pause();
    const [lagging, idle] = begun;
    const page = Buffer.alloc(20_000, 'page');
    let sent = 0;
    for (; lagging?.publisher.send(page); sent++) await turnEnd();
    expect(server.buffered).toBeGreaterThan(100_000);
    expect(server.buffered).toBeLessThan(130_000);
    expect([lagging?.stops, idle?.stops]).toEqual([1, 0]);
    expect(lagging?.publisher.send(page)).toBe(false);
    await expect(link(port).call(1, NOTHING)).resolves.toMatchObject({ status: 1 });
    client.socket.resume();
    await until(() => server.buffered === 0, 'all is received');
    expect(idle?.publisher.send(page)).toBe(true);
    await until(() => client.answers.at(-1)?.id === 2, 'the other subscription has continued');
    expect(client.answers.slice(0, sent)).toEqual(
      Array.from({ length: sent }, () => ({ id: 1, status: MESSAGE, length: page.length })),
    );
    expect(client.answers.slice(sent).map(({ id, status }) => [id, status])).toEqual([
      [1, LAGGED],
      [2, MESSAGE],
    ]);
    expect(lagging?.stops).toBe(1);
  });

  it('stop when the client lags before the handler has returned', async () => {
    let stops = 0;
    const page = Buffer.alloc(1_000);
    const { port } = await serve(ECHO, {
      messageBytes: 10_000,
      subscribe: (_operation, _payload, publisher) => {
        while (publisher.send(page)) expect(stops).toBe(0);
        return () => stops++;
      },
    });
    const subscriber = recorder();
    link(port).subscribe(STREAM, NOTHING, subscriber);
    await until(() => subscriber.ends.length > 0, 'it has ended');
    expect(stops).toBe(1);
    expect(subscriber.messages).toHaveLength(10);
    expect(subscriber.ends).toMatchObject([{ code: 'OVERLOADED', retryable: true }]);
  });
});

describe('a probe', () => {
  it('is answered without the handler, also while the server closes', async () => {
    let answer = () => {};
    const operations: number[] = [];
    const { port, server } = await serve((operation) => {
      operations.push(operation);
      return new Promise((resolve) => {
        answer = () => resolve({ status: 0, payload: NOTHING });
      });
    });
    const client = await clientOf(port);
    client.say(1, PROBE);
    client.say(2, 7);
    await until(() => operations.length === 1, 'a call has started');
    const closed = server.close();
    client.say(3, PROBE);
    await until(() => client.answers.length === 3, 'both probes are answered');
    expect(client.received()).toEqual([
      [1, 0, ''],
      [0, CLOSING, ''],
      [3, 0, ''],
    ]);
    answer();
    await closed;
    expect(operations).toEqual([7]);
  });
});
