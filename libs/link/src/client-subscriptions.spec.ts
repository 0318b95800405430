import { endAll, link, until } from '../test/loopback';
import { NOTHING, recorder, STREAM, serveFrames } from '../test/streams';
import { ClientSubscriptions } from './client-subscriptions';
import { encodeFrame, MESSAGE, PROBE } from './frame';
import { LinkError } from './link-error';

const bytes = (text: string) => Buffer.from(text, 'latin1');

afterEach(endAll);
afterEach(() => jest.restoreAllMocks());

describe('a client with subscriptions', () => {
  it('notices a server that hangs, without calls', async () => {
    const { port, received } = await serveFrames(() => undefined);
    const lost: string[] = [];
    const client = link(port, { deadline: 30, probeEvery: 10, onLost: (_, { message }) => lost.push(message) });
    const subscriber = recorder();
    client.subscribe(STREAM, NOTHING, subscriber);
    await until(() => received.length > 0, 'the server has received the request');
    await until(() => subscriber.ends.length > 0, 'the connection counts as lost');
    expect(subscriber.ends).toMatchObject([{ code: 'DISCONNECTED' }]);
    expect(lost[0]).toBe('no data received while calls timed out');
    expect(received.filter(({ operation }) => operation === PROBE).length).toBeGreaterThan(0);
  });

  it('keeps the connection to a server that answers probes', async () => {
    const { port, received } = await serveFrames((id, operation) =>
      operation === PROBE ? encodeFrame(id, 4, bytes('unknown operation')) : undefined,
    );
    const lost: Error[] = [];
    const client = link(port, { probeEvery: 5, onLost: (_, error) => lost.push(error) });
    const subscriber = recorder();
    client.subscribe(STREAM, NOTHING, subscriber);
    await until(() => received.length > 10, 'it was probed several times');
    expect([subscriber.ends, lost, client.subscriptions]).toEqual([[], [], 1]);
  });

  it('counts a probe of a silent server as an attempt', async () => {
    const { port } = await serveFrames(() => undefined);
    const client = link(port, { deadline: 30 });
    await expect(client.call(0, NOTHING)).rejects.toMatchObject({ code: 'TIMEOUT' });
    client.probe();
    expect(client.triedAt).toBeGreaterThanOrEqual(client.timedOutAt);
  });
});

describe('ClientSubscriptions', () => {
  function open() {
    const probe = jest.fn();
    const disconnected = () => new LinkError('DISCONNECTED', 'down');
    return {
      probe,
      subscriptions: new ClientSubscriptions({ probeEvery: 5_000, probe, cancel: () => {}, disconnected }),
    };
  }

  it('probe while there are any, with a timer that does not keep the process alive', () => {
    jest.useFakeTimers();
    try {
      const { probe, subscriptions } = open();
      const leave = [1, 2].map((id) => subscriptions.add(id, recorder()));
      jest.advanceTimersByTime(15_000);
      expect(probe).toHaveBeenCalledTimes(3);
      for (const unsubscribe of leave) unsubscribe();
      jest.advanceTimersByTime(5_000);
      expect(probe).toHaveBeenCalledTimes(3);
      expect(jest.getTimerCount()).toBe(0);
      subscriptions.add(3, recorder());
      jest.advanceTimersByTime(5_000);
      expect(probe).toHaveBeenCalledTimes(4);
    } finally {
      jest.useRealTimers();
    }
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    open().subscriptions.add(1, recorder());
    expect(timers()).toBe(before);
  });

  it('make an error of a subscriber an uncaught exception, and serve the others', () => {
    const { subscriptions } = open();
    const later: (() => void)[] = [];
    jest.spyOn(globalThis, 'queueMicrotask').mockImplementation((callback) => later.push(callback));
    const fail = () => {
      throw new Error('thrown');
    };
    const well = recorder();
    subscriptions.add(1, { message: fail, ended: fail });
    subscriptions.add(2, well);
    for (const id of [1, 2]) subscriptions.receive(id, MESSAGE, bytes('a'));
    subscriptions.endAll(new LinkError('CLOSED', 'closed'));
    expect([well.messages, well.ends]).toMatchObject([['a'], [{ code: 'CLOSED' }]]);
    expect(later).toHaveLength(2);
    for (const rethrow of later) expect(rethrow).toThrow('thrown');
  });

  it('may be opened while others end', () => {
    const { subscriptions } = open();
    const next = recorder();
    subscriptions.add(1, { message: () => {}, ended: () => subscriptions.add(2, next) });
    subscriptions.endAll(new LinkError('CLOSED', 'closed'));
    expect([subscriptions.size, next.ends]).toEqual([1, []]);
  });
});
