import { endAll, serve, until } from '../test/loopback';
import { range } from '../test/slow-client';
import { clientOf, ECHO, NOTHING, STREAM, withStreams } from '../test/streams';
import { CANCEL, CLOSING, FAILED, FULL, MESSAGE } from './frame';
import type { LinkServer, SubscribeHandler } from './link-server';
import { lend } from './reply';

const bytes = (text: string) => Buffer.from(text);

afterEach(endAll);

/** How a subscription ends whose handler is `subscribe`, what it received before, and the errors reported. */
async function outcomeOf(subscribe: SubscribeHandler | undefined, answerLimit = 1024) {
  const errors: string[] = [];
  const onError = (error: unknown) => errors.push((error as Error).message);
  const { port } = await serve(ECHO, { ...(subscribe && { subscribe }), answerLimit, onError });
  const client = await clientOf(port, [1]);
  await until(() => client.answers.some(({ status }) => status !== MESSAGE), 'the subscription has ended');
  return { received: client.received(), errors };
}

describe('subscriptions of a LinkServer', () => {
  it('send messages until the handler ends them, in order with the answers of calls', async () => {
    const { begun, client, server } = await withStreams(1);
    const [stream] = begun;
    expect(stream?.publisher.send(bytes('a'))).toBe(true);
    client.say(7, 1);
    await until(() => client.answers.length === 2, 'the call is answered');
    stream?.publisher.send(bytes('b'));
    stream?.publisher.end({ status: 250, payload: bytes('end') });
    stream?.publisher.end({ status: 3, payload: bytes('again') });
    expect(stream?.publisher.send(bytes('late'))).toBe(false);
    expect(server.subscriptions).toBe(0);
    client.say(8, 1);
    await until(() => client.answers.length === 5, 'the second call is answered');
    expect(client.received()).toEqual([
      [1, MESSAGE, 'a'],
      [7, 1, ''],
      [1, MESSAGE, 'b'],
      [1, 250, 'end'],
      [8, 1, ''],
    ]);
    client.socket.destroy();
    await until(() => server.buffered === 0, 'the connection is closed');
    expect(stream?.stops).toBe(0);
  });

  it('may send and end before the handler returns', async () => {
    let stops = 0;
    const { received } = await outcomeOf((_operation, _payload, publisher) => {
      publisher.send(bytes('a'));
      publisher.end({ status: 0, payload: NOTHING });
      return () => stops++;
    });
    expect(received).toEqual([
      [1, MESSAGE, 'a'],
      [1, 0, ''],
    ]);
    expect(stops).toBe(0);
  });

  it('copy their messages immediately', async () => {
    const { begun, client } = await withStreams(1);
    const buffer = bytes('first');
    begun[0]?.publisher.send(lend(buffer));
    buffer.write('other');
    await until(() => client.answers.length === 1, 'the message has arrived');
    expect(client.received()).toEqual([[1, MESSAGE, 'first']]);
  });

  it('stop once when the client cancels; unknown ids are ignored', async () => {
    const { begun, server, client } = await withStreams(2);
    for (const id of [2, 2, 3]) client.say(id, CANCEL);
    client.say(9, 1);
    await until(() => client.answers.length === 1, 'a later call is answered');
    expect(begun.map(({ stops }) => stops)).toEqual([0, 1]);
    expect(begun.map(({ publisher }) => publisher.send(bytes('a')))).toEqual([true, false]);
    expect(server.subscriptions).toBe(1);
  });

  it.each(['end', 'destroy'] as const)('stop once when the client closes its connection: %s', async (how) => {
    const { begun, server, client } = await withStreams(3);
    begun[0]?.publisher.end({ status: 0, payload: NOTHING });
    client.socket[how]();
    await until(() => server.subscriptions === 0, 'the server has noticed it');
    expect(begun.map(({ stops }) => stops)).toEqual([0, 1, 1]);
  });

  it('end as CLOSING when the server closes', async () => {
    const { begun, server, client } = await withStreams(2);
    const closed = server.close();
    expect(begun.map(({ stops }) => stops)).toEqual([1, 1]);
    expect(begun[0]?.publisher.send(bytes('late'))).toBe(false);
    await closed;
    await until(() => client.answers.length === 3, 'the client is notified');
    expect(client.received()).toEqual([
      [1, CLOSING, ''],
      [2, CLOSING, ''],
      [0, CLOSING, ''],
    ]);
    expect(begun.map(({ stops }) => stops)).toEqual([1, 1]);
  });

  it('stop when the server closes before the handler has returned', async () => {
    let stops = 0;
    let server: LinkServer | undefined;
    const served = await serve(ECHO, {
      subscribe: () => {
        server?.close();
        return () => stops++;
      },
    });
    server = served.server;
    await clientOf(served.port, [1]);
    await until(() => stops > 0, 'it has stopped');
    expect(stops).toBe(1);
  });

  it('end as FAILED when the handler throws, its reply is invalid, or there is no handler', async () => {
    const throws: SubscribeHandler = (_operation, _payload, publisher) => {
      publisher.send(bytes('a'));
      throw new Error('thrown');
    };
    expect(await outcomeOf(throws)).toEqual({
      received: [
        [1, MESSAGE, 'a'],
        [1, FAILED, ''],
      ],
      errors: ['thrown'],
    });
    const invalid: SubscribeHandler = (_operation, _payload, publisher) => {
      publisher.end({ status: FULL, payload: NOTHING });
      return () => {};
    };
    expect(await outcomeOf(invalid)).toEqual({
      received: [[1, FAILED, '']],
      errors: ['status must be an integer between 0 and 250, not 251'],
    });
    expect(await outcomeOf(undefined)).toEqual({
      received: [[1, FAILED, '']],
      errors: ['this server has no subscriptions'],
    });
  });

  it('end as they did when the handler throws afterwards', async () => {
    const { received, errors } = await outcomeOf((_operation, _payload, publisher) => {
      publisher.end({ status: 5, payload: NOTHING });
      throw new Error('thrown');
    });
    expect([received, errors]).toEqual([[[1, 5, '']], ['thrown']]);
  });

  it('all stop, though the function of one throws', async () => {
    const errors: unknown[] = [];
    let stops = 0;
    const subscribe: SubscribeHandler = () => () => {
      if (++stops === 1) throw new Error('thrown');
    };
    const { port, server } = await serve(ECHO, { subscribe, onError: (error) => errors.push(error) });
    const client = await clientOf(port, range(1, 3));
    await until(() => server.subscriptions === 3, 'all have begun');
    client.socket.destroy();
    await until(() => server.subscriptions === 0, 'all are over');
    expect(stops).toBe(3);
    expect(errors).toMatchObject([{ message: 'thrown' }]);
  });

  it('close the connection if two of them have one id', async () => {
    const errors: unknown[] = [];
    const { begun, client, server } = await withStreams(1, { onError: (error) => errors.push(error) });
    client.say(1, STREAM);
    await until(() => server.subscriptions === 0, 'the connection is closed');
    expect(begun.map(({ stops }) => stops)).toEqual([1]);
    expect(errors).toMatchObject([{ name: 'ProtocolError' }]);
  });
});
