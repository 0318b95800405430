import { outcomes, times } from '../test/calls';
import { endAll, link, serve, serveRaw, until } from '../test/loopback';
import { encodeFrame } from './frame';
import { FrameReader } from './frame-reader';
import { DEADLINE } from './link-client';
import type { Handler } from './link-server';
import { PREAMBLE } from './preamble';

const ECHO: Handler = (operation, payload) => ({ status: operation, payload });
const TEXT = 'page';
const ASKED = Buffer.from(TEXT);

afterEach(endAll);

describe('LinkClient without a connection', () => {
  it('rejects all 200 calls in flight as soon as the connection breaks', async () => {
    let asked = 0;
    const { port } = await serveRaw((socket) => {
      const reader = new FrameReader(1024, () => {
        if (++asked === 200) socket.resetAndDestroy();
      });
      socket.once('data', (first) => {
        reader.push(first.subarray(PREAMBLE.length));
        socket.on('data', (chunk) => reader.push(chunk));
      });
    });
    const client = link(port);
    const begun = performance.now();
    expect(await outcomes(times(200, () => client.call(0, ASKED)))).toEqual({ DISCONNECTED: 200 });
    expect(performance.now() - begun).toBeLessThan(DEADLINE);
  });

  it('rejects calls at once while the server is down, and recovers after its restart', async () => {
    const lost: string[] = [];
    const { port, server } = await serve(ECHO);
    const client = link(port, { onLost: (_, error) => lost.push(error.message) });
    await client.call(0, ASKED);
    await server.close(0);
    await until(() => !client.connected && !client.connecting, 'it has noticed that the server is down');
    await expect(client.call(0, ASKED)).rejects.toMatchObject({ code: 'DISCONNECTED', retryable: true });
    await until(() => lost.length > 1, 'it has tried again');
    expect(lost[1]).toContain('ECONNREFUSED');
    await serve(ECHO, {}, port);
    await until(() => client.connected, 'it is connected again');
    await expect(client.call(5, ASKED)).resolves.toEqual({ status: 5, payload: TEXT });
  });

  it('connects at once for a call when the server has just recovered', async () => {
    // The next attempt of its own would come a second after the last. A busy machine may delay a connection as much.
    let took = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 5 && took > 900; tries++) took = await timeToRecover();
    expect(took).toBeLessThan(900);
  });

  /** Milliseconds from the server's restart to the answer of a call; infinite if the call is rejected. */
  async function timeToRecover(): Promise<number> {
    let lost = 0;
    const { port, server } = await serve(ECHO);
    const client = link(port, { onLost: () => lost++ });
    await client.call(0, ASKED);
    await server.close(0);
    await until(() => {
      client.call(0, ASKED).catch(() => {});
      return lost === 6;
    }, 'the pause between attempts is a second');
    await serve(ECHO, {}, port);
    const begun = performance.now();
    await until(() => client.connecting, 'a call may start the next attempt');
    expect(client.connected).toBe(false);
    const answered = await client.call(5, ASKED).catch(() => undefined);
    return answered ? performance.now() - begun : Number.POSITIVE_INFINITY;
  }

  it('tries to connect at most once per 50 ms, however many calls there are', async () => {
    let lost = 0;
    const { port, server } = await serve(ECHO);
    await server.close(0);
    const client = link(port, { onLost: () => lost++ });
    const begun = performance.now();
    await until(() => {
      client.call(0, ASKED).catch(() => {});
      return lost === 5;
    }, 'it has tried several times');
    expect(performance.now() - begun).toBeGreaterThanOrEqual(200);
  });

  it('rejects waiting calls when the connection attempt fails', async () => {
    const { port, server } = await serve(ECHO);
    await server.close(0);
    const begun = performance.now();
    expect(await outcomes(times(3, () => link(port).call(0, ASKED)))).toEqual({ DISCONNECTED: 3 });
    expect(performance.now() - begun).toBeLessThan(DEADLINE);
  });

  it.each([
    ['a web server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['a frame beyond the limit', encodeFrame(1, 0, Buffer.alloc(2000))],
  ])('disconnects from a server that violates the protocol: %s', async (_, said) => {
    const lost: Error[] = [];
    const { port } = await serveRaw((socket) => socket.write(said));
    const client = link(port, { answerLimit: 1024, onLost: (_address, error) => lost.push(error) });
    await expect(client.call(0, ASKED)).rejects.toMatchObject({
      code: 'DISCONNECTED',
      cause: { name: 'ProtocolError', message: expect.stringContaining('must be between 5 and 1024') },
    });
    expect(lost).toHaveLength(1);
  });
});
