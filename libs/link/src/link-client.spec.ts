import fc from 'fast-check';
import { outcomes, times } from '../test/calls';
import { endAll, link, serve, serveRaw, until } from '../test/loopback';
import { recorder, STREAM } from '../test/streams';
import { encodeFrame } from './frame';
import type { Handler } from './link-server';

const ECHO: Handler = (operation, payload) => ({ status: operation, payload });
const NEVER = () => new Promise<never>(() => {});
const NOTHING = Buffer.alloc(0);
const TEXT = 'page';
const ASKED = Buffer.from(TEXT);

afterEach(endAll);

describe('LinkClient', () => {
  it('matches 1000 answers to their calls on one connection, in any order', async () => {
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
    const answers = await Promise.all(times(1000, (index) => client.call(index % 128, Buffer.from(String(index)))));
    expect(answers.map(({ payload }) => payload)).toEqual(times(1000, String));
    expect(answers.map(({ status }) => status)).toEqual(times(1000, (index) => index % 128));
    expect(connections).toBe(0);
  });

  it('receives payloads longer than one socket read', async () => {
    const pages = [0, 40_000, 65_536, 400_000, 4_000_000].map((length) => Buffer.alloc(length, `page ${length} `));
    const { port } = await serve((index) => ({ status: 0, payload: pages[index] as Buffer }));
    const client = link(port);
    const answers = await Promise.all(pages.map((_, index) => client.call(index, NOTHING)));
    for (const [index, { payload }] of answers.entries()) expect(payload === pages[index]?.toString()).toBe(true);
  });

  it('sends calls that were made before it was connected', async () => {
    const { port } = await serve(ECHO);
    const client = link(port);
    expect(client.connected).toBe(false);
    await expect(client.call(3, ASKED)).resolves.toEqual({ status: 3, payload: TEXT });
    expect(client.connected).toBe(true);
  });

  it('rejects a call without an answer at its deadline, and answers the others', async () => {
    const { port } = await serve((operation, payload) => (operation === 0 ? NEVER() : ECHO(operation, payload)));
    const client = link(port, { deadline: 250 });
    const begun = performance.now();
    await expect(client.call(0, ASKED)).rejects.toMatchObject({ code: 'TIMEOUT', retryable: true });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(250);
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
    const client = link(port, { deadline: 250 });
    await expect(client.call(0, ASKED)).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(client.silent).toBe(true);
    answerLate();
    const next = client.call(1, ASKED);
    expect(client.triedAt).toBeGreaterThanOrEqual(client.timedOutAt);
    await expect(next).resolves.toEqual({ status: 1, payload: TEXT });
    expect(client.silent).toBe(false);
  });

  it('reconnects when calls time out and no data arrives', async () => {
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

  it('rejects calls beyond the limit until others have ended', async () => {
    const { port } = await serve(NEVER);
    const client = link(port, { callLimit: 10, deadline: 60 });
    expect(await outcomes(times(25, () => client.call(0, ASKED)))).toEqual({ OVERLOADED: 15, TIMEOUT: 10 });
    // The connection counts as lost by then, so that some may be rejected as disconnected.
    expect(await outcomes(times(5, () => client.call(0, ASKED)))).not.toHaveProperty('OVERLOADED');
  });

  it('rejects requests that the server would not accept, without sending them', async () => {
    const { port } = await serve(ECHO);
    const client = link(port, { requestLimit: 1024 });
    await expect(client.call(0, Buffer.alloc(1020))).rejects.toMatchObject({ code: 'REFUSED', retryable: false });
    await expect(client.call(0, Buffer.alloc(1019))).resolves.toMatchObject({ status: 0 });
    await expect(client.call(128, ASKED)).rejects.toMatchObject({ code: 'REFUSED' });
    await expect(client.call(1.5, ASKED)).rejects.toMatchObject({ code: 'REFUSED' });
  });

  it('settles every call and ends every subscription, whatever bytes the server sends', async () => {
    let said: Uint8Array = NOTHING;
    const { port } = await serveRaw((socket) => {
      socket.resume();
      socket.end(said);
    });
    const toSecond = (status: number) => encodeFrame(2, status, ASKED);
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.nat(20).map((end) => encodeFrame(1, 0, Buffer.alloc(11)).subarray(0, end)),
      fc.uint8Array({ maxLength: 10 }).map((statuses) => Buffer.concat([...statuses].map(toSecond))),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (chosen) => {
        said = chosen;
        const client = link(port, { answerLimit: 1024 });
        const call = client.call(0, ASKED);
        const subscriber = recorder();
        client.subscribe(STREAM, ASKED, subscriber);
        const [end] = Object.keys(await outcomes([call]));
        expect(['answered', 'DISCONNECTED']).toContain(end);
        await until(() => subscriber.ends.length > 0, 'the subscription has ended');
        client.close();
        expect(subscriber.ends).toHaveLength(1);
      }),
    );
  });

  it('rejects calls in flight and all later ones when it is closed', async () => {
    const { port } = await serve(NEVER);
    const client = link(port);
    const call = client.call(0, ASKED);
    await until(() => client.connected, 'it is connected');
    client.close();
    await expect(call).rejects.toMatchObject({ code: 'CLOSED', retryable: false });
    await expect(client.call(0, ASKED)).rejects.toMatchObject({ code: 'CLOSED' });
    expect(client.connected).toBe(false);
  });

  it('sends no more calls to a server that announces its closing', async () => {
    let answer: (() => void) | undefined;
    const { port, server } = await serve(
      (status, payload) =>
        new Promise((resolve) => {
          answer = () => resolve({ status, payload });
        }),
    );
    const client = link(port);
    const begun = client.call(7, ASKED);
    await until(() => answer !== undefined, 'the server has started the call');
    const closed = server.close();
    await until(() => !client.connected, 'it has received the announcement');
    await expect(client.call(0, ASKED)).rejects.toMatchObject({ code: 'DISCONNECTED' });
    answer?.();
    await expect(begun).resolves.toEqual({ status: 7, payload: TEXT });
    await closed;
  });

  it('treats CLOSING as a broken connection', async () => {
    const { port } = await serveRaw((socket) => socket.write(encodeFrame(1, 254, NOTHING)));
    const client = link(port);
    await expect(client.call(0, ASKED)).rejects.toMatchObject({ code: 'DISCONNECTED', retryable: true });
    expect(client.connected).toBe(false);
  });
});
