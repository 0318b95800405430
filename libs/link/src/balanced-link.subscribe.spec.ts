import { times } from '../test/calls';
import { balance, endAll, serve, until } from '../test/loopback';
import { ECHO, NOTHING, recorder, STREAM, serveFrames, serveOld, streams } from '../test/streams';
import { encodeFrame, PROBE } from './frame';
import { LinkError } from './link-error';

afterEach(endAll);

describe('BalancedLink.subscribe', () => {
  it('subscribes at its addresses in turn, and does not retry', async () => {
    const sources = await Promise.all(
      times(2, async () => {
        const { begun, subscribe } = streams();
        return { begun, ...(await serve(ECHO, { subscribe })) };
      }),
    );
    const balanced = balance(sources.map(({ port }) => port));
    const open = (text: string) => sources.map(({ begun }) => begun.filter((stream) => stream.text === text).length);
    await until(() => {
      balanced.subscribe(STREAM, NOTHING, recorder());
      return open('').every((count) => count > 0);
    }, 'both are connected');
    const subscribers = times(10, recorder);
    const leave = subscribers.map((subscriber) => balanced.subscribe(STREAM, Buffer.from('counted'), subscriber));
    await until(() => open('counted').every((count) => count === 5), 'each has half of them');
    for (const unsubscribe of leave.slice(5)) unsubscribe();
    await sources[0]?.server.close(0);
    const ended = () => subscribers.filter(({ ends }) => ends.length > 0);
    await until(() => ended().length >= 2, 'those of the server have ended');
    expect(ended().length).toBeLessThanOrEqual(3);
    balanced.close();
    expect(subscribers.map(({ ends }) => ends.length)).toEqual(times(10, (i) => (i < 5 ? 1 : 0)));
  });

  it('ends as DISCONNECTED when no server is connected', async () => {
    const { server, port } = await serve(ECHO);
    await server.close(0);
    const balanced = balance([port, port]);
    const subscriber = recorder();
    balanced.subscribe(STREAM, NOTHING, subscriber);
    await until(() => subscriber.ends.length > 0, 'it has ended');
    expect(subscriber.ends).toMatchObject([{ code: 'DISCONNECTED' }]);
  });

  it('subscribes again at a server that hung, without calls', async () => {
    let hangs = true;
    const moody = await serveFrames((id, operation) => {
      if (hangs) return;
      return encodeFrame(id, operation === PROBE ? 0 : 1, NOTHING);
    });
    const { port } = await serveOld(2, '');
    const balanced = balance([moody.port, port], { deadline: 200, probeEvery: 20, passOver: 20 });
    const lost = recorder();
    await until(() => {
      balanced.subscribe(STREAM, NOTHING, lost);
      return lost.ends.some((end) => end instanceof LinkError);
    }, 'the subscriptions at one have ended');
    hangs = false;
    const statuses = new Set<number>();
    await until(() => {
      balanced.subscribe(STREAM, NOTHING, {
        message: () => {},
        ended: (end) => 'status' in end && statuses.add(end.status),
      });
      return statuses.has(1);
    }, 'it subscribes there again');
  });
});
