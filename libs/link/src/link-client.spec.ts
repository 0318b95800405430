import fc from 'fast-check';
import { endAll, link, serve, serveRaw, until } from '../test/loopback';
import { encodeFrame } from './frame';
import { FrameReader } from './frame-reader';
import type { Handler } from './link-server';
import { PREAMBLE } from './preamble';

const ECHO: Handler = (operation, payload) => ({ status: operation, payload });
const NEVER = () => new Promise<never>(() => {});
const NOTHING = Buffer.alloc(0);
const TEXT = 'page';
const ASKED = Buffer.from(TEXT);

afterEach(endAll);

/** How many of `calls` ended with which code. */
async function outcomes(calls: Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const result of await Promise.allSettled(calls)) {
    const code = result.status === 'fulfilled' ? 'answered' : result.reason.code;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

describe('LinkClient', () => {
  it('gives each of 1000 calls over one connection its own answer, in whatever order they come', async () => {
    let connections = 0;
    const waiting: (() => void)[] = [];
    const { port } = await serve((operation, payload) => {
      if (Number(payload) % 2) return { status: operation, payload };
      return new Promise((resolve) => {
        waiting.push(() => resolve({ status: operation, payload }));
        if (waiting.length === 500) for (const answer of waiting.reverse()) answer();
      });
    });
    const client = link(port, { onLost: () => connections++ });
    const answers = await Promise.all(times(1000, (index) => client.call(index % 254, Buffer.from(String(index)))));
    expect(answers.map(({ payload }) => payload)).toEqual(times(1000, String));
    expect(answers.map(({ status }) => status)).toEqual(times(1000, (index) => index % 254));
    expect(connections).toBe(0);
  });

  it('carries pages longer than one read', async () => {
    const pages = [0, 40_000, 65_536, 400_000, 4_000_000].map((length) => Buffer.alloc(length, `page ${length} `));
    const { port } = await serve((index) => ({ status: 0, payload: pages[index] as Buffer }));
    const client = link(port);
    const answers = await Promise.all(pages.map((_, index) => client.call(index, NOTHING)));
    for (const [index, { payload }] of answers.entries()) expect(payload === pages[index]?.toString()).toBe(true);
  });

  it('sends calls made before the connection is there', async () => {
    const { port } = await serve(ECHO);
    const client = link(port);
    expect(client.connected).toBe(false);
    await expect(client.call(3, ASKED)).resolves.toEqual({ status: 3, payload: TEXT });
    expect(client.connected).toBe(true);
  });

  it('rejects a call that has no answer in time, and goes on with the others', async () => {
    const { port } = await serve((operation, payload) => (operation === 0 ? NEVER() : ECHO(operation, payload)));
    const client = link(port, { deadline: 40 });
    const begun = performance.now();
    await expect(client.call(0, ASKED)).rejects.toMatchObject({ code: 'TIMEOUT', retryable: true });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(40);
    await expect(client.call(1, ASKED)).resolves.toEqual({ status: 1, payload: TEXT });
  });

  it('ignores the answer to a call that timed out', async () => {
    let answerLate = () => {};
    const { port } = await serve((operation, payload) =>
      operation === 0
        ? new Promise((resolve) => {
            answerLate = () => resolve({ status: 0, payload: Buffer.from('late') });
          })
        : ECHO(operation, payload),
    );
    const client = link(port, { deadline: 40 });
    await expect(client.call(0, ASKED)).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(client.silent).toBe(true);
    answerLate();
    const next = client.call(1, ASKED);
    expect(client.triedAt).toBeGreaterThanOrEqual(client.timedOutAt);
    await expect(next).resolves.toEqual({ status: 1, payload: TEXT });
    expect(client.silent).toBe(false);
  });

  it('makes its connection anew when calls time out and nothing comes', async () => {
    let connections = 0;
    const { port } = await serveRaw(() => connections++);
    const client = link(port, { deadline: 30 });
    await until(() => client.connected, 'it is connected');
    await expect(client.call(0, ASKED)).rejects.toMatchObject({ code: 'TIMEOUT' });
    await until(() => {
      client.call(0, ASKED).catch(() => {});
      return connections > 1;
    }, 'it has connected again');
  });

  it('refuses calls beyond the cap until others have ended', async () => {
    const { port } = await serve(NEVER);
    const client = link(port, { callLimit: 10, deadline: 60 });
    expect(await outcomes(times(25, () => client.call(0, ASKED)))).toEqual({ OVERLOADED: 15, TIMEOUT: 10 });
    expect(await outcomes(times(5, () => client.call(0, ASKED)))).toEqual({ TIMEOUT: 5 });
  });

  it('refuses what the server would not read, without troubling it', async () => {
    const { port } = await serve(ECHO);
    const client = link(port, { requestLimit: 1024 });
    await expect(client.call(0, Buffer.alloc(1020))).rejects.toMatchObject({ code: 'REFUSED', retryable: false });
    await expect(client.call(0, Buffer.alloc(1019))).resolves.toMatchObject({ status: 0 });
    await expect(client.call(256, ASKED)).rejects.toMatchObject({ code: 'REFUSED' });
    await expect(client.call(1.5, ASKED)).rejects.toMatchObject({ code: 'REFUSED' });
  });

  it('rejects all of 200 calls in flight as soon as the connection breaks', async () => {
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
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  it('rejects at once while the server is down, and is back after its restart', async () => {
    const lost: string[] = [];
    const { port, server } = await serve(ECHO);
    const client = link(port, { onLost: (_, error) => lost.push(error.message) });
    await client.call(0, ASKED);
    await server.close(0);
    await until(() => !client.connected && !client.connecting, 'it knows that the server is gone');
    await expect(client.call(0, ASKED)).rejects.toMatchObject({ code: 'DISCONNECTED', retryable: true });
    await until(() => lost.length > 1, 'it has tried again');
    expect(lost[1]).toContain('ECONNREFUSED');
    await serve(ECHO, {}, port);
    await until(() => client.connected, 'it is connected again');
    await expect(client.call(5, ASKED)).resolves.toEqual({ status: 5, payload: TEXT });
  });

  it('connects at once for a call to a server that has just come back', async () => {
    let lost = 0;
    const { port, server } = await serve(ECHO);
    const client = link(port, { onLost: () => lost++ });
    await client.call(0, ASKED);
    await server.close(0);
    await until(() => {
      client.call(0, ASKED).catch(() => {});
      return lost === 6;
    }, 'it makes its attempts a second apart');
    await serve(ECHO, {}, port);
    const begun = performance.now();
    await until(() => client.connecting, 'a call may bring the next attempt forward');
    expect(client.connected).toBe(false);
    await expect(client.call(5, ASKED)).resolves.toEqual({ status: 5, payload: TEXT });
    expect(performance.now() - begun).toBeLessThan(500);
  });

  it('makes no more attempts at a server that is down than one in 50 ms, however many calls there are', async () => {
    let lost = 0;
    const { port, server } = await serve(ECHO);
    await server.close(0);
    const client = link(port, { onLost: () => lost++ });
    const begun = performance.now();
    await until(() => {
      client.call(0, ASKED).catch(() => {});
      return lost === 5;
    }, 'it has made some attempts');
    expect(performance.now() - begun).toBeGreaterThanOrEqual(200);
  });

  it('rejects calls that wait for an attempt when that fails', async () => {
    const { port, server } = await serve(ECHO);
    await server.close(0);
    const begun = performance.now();
    expect(await outcomes(times(3, () => link(port).call(0, ASKED)))).toEqual({ DISCONNECTED: 3 });
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  it.each([
    ['a web server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['a frame beyond the limit', encodeFrame(1, 0, Buffer.alloc(2000))],
  ])('leaves a server that does not keep to the protocol: %s', async (_, said) => {
    const lost: Error[] = [];
    const { port } = await serveRaw((socket) => socket.write(said));
    const client = link(port, { answerLimit: 1024, onLost: (_address, error) => lost.push(error) });
    await expect(client.call(0, ASKED)).rejects.toMatchObject({
      code: 'DISCONNECTED',
      cause: { name: 'ProtocolError', message: expect.stringContaining('allowed are 5 to 1024') },
    });
    expect(lost).toHaveLength(1);
  });

  it('ends every call, whatever bytes a server sends', async () => {
    let said: Uint8Array = NOTHING;
    const { port } = await serveRaw((socket) => {
      socket.resume();
      socket.end(said);
    });
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.nat(20).map((end) => encodeFrame(1, 0, Buffer.alloc(11)).subarray(0, end)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (chosen) => {
        said = chosen;
        const client = link(port, { answerLimit: 1024 });
        const [end] = Object.keys(await outcomes([client.call(0, ASKED)]));
        expect(['answered', 'DISCONNECTED']).toContain(end);
        client.close();
      }),
    );
  });

  it('rejects calls under way when it is closed, and all later ones', async () => {
    const { port } = await serve(NEVER);
    const client = link(port);
    const call = client.call(0, ASKED);
    await until(() => client.connected, 'it is connected');
    client.close();
    await expect(call).rejects.toMatchObject({ code: 'CLOSED', retryable: false });
    await expect(client.call(0, ASKED)).rejects.toMatchObject({ code: 'CLOSED' });
    expect(client.connected).toBe(false);
  });

  it('asks nothing more of a server that says that it is closing', async () => {
    let answer: (() => void) | undefined;
    const { port, server } = await serve(
      (status, payload) =>
        new Promise((resolve) => {
          answer = () => resolve({ status, payload });
        }),
    );
    const client = link(port);
    const begun = client.call(7, ASKED);
    await until(() => answer !== undefined, 'the server has begun the call');
    const closed = server.close();
    await until(() => !client.connected, 'it knows that the server is closing');
    await expect(client.call(0, ASKED)).rejects.toMatchObject({ code: 'DISCONNECTED' });
    answer?.();
    await expect(begun).resolves.toEqual({ status: 7, payload: TEXT });
    await closed;
  });

  it('takes CLOSING for a broken connection', async () => {
    const { port } = await serveRaw((socket) => socket.write(encodeFrame(1, 254, NOTHING)));
    const client = link(port);
    await expect(client.call(0, ASKED)).rejects.toMatchObject({ code: 'DISCONNECTED', retryable: true });
    expect(client.connected).toBe(false);
  });
});
