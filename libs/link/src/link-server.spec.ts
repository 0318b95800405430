import { once } from 'node:events';
import fc from 'fast-check';
import { endAll, HOST, link, serve, stranger, until } from '../test/loopback';
import { ended, range, slowClient } from '../test/slow-client';
import { streams } from '../test/streams';
import { CLOSING, encodeFrame, FAILED, FULL } from './frame';
import { type Handler, LinkServer } from './link-server';
import { PREAMBLE } from './preamble';
import type { Reply } from './reply';

const ECHO: Handler = (operation, payload) => ({ status: operation, payload });
const NOTHING = Buffer.alloc(0);
const TEXT = 'page';
const ASKED = Buffer.from(TEXT);

afterEach(endAll);

describe('LinkServer', () => {
  it('answers FAILED and reports the error when a handler fails or its reply is invalid', async () => {
    const errors: unknown[] = [];
    const outcomes: Handler[] = [
      () => {
        throw new Error('thrown');
      },
      () => Promise.reject(new Error('rejected')),
      () => ({ status: FAILED, payload: ASKED }),
      () => ({ status: FULL, payload: ASKED }),
      async () => ({ status: CLOSING, payload: ASKED }),
      () => ({ status: 0, payload: Buffer.alloc(1020) }),
      () => undefined as unknown as Reply,
      async () => undefined as unknown as Reply,
    ];
    const { port } = await serve((operation, payload) => (outcomes[operation] ?? ECHO)(operation, payload), {
      answerLimit: 1024,
      onError: (error) => errors.push((error as Error).message),
    });
    const client = link(port);
    const answers = await Promise.all(outcomes.map((_, operation) => client.call(operation, ASKED)));
    expect(answers).toEqual(outcomes.map(() => ({ status: FAILED, payload: '' })));
    await expect(client.call(100, ASKED)).resolves.toEqual({ status: 100, payload: TEXT });
    expect(errors).toHaveLength(outcomes.length);
    expect(errors).toEqual(expect.arrayContaining(['thrown', 'rejected']));
  });

  it('closes a connection at the first wrong byte of its preamble', async () => {
    const errors: unknown[] = [];
    const { port } = await serve(ECHO, { onError: (error) => errors.push(error) });
    const socket = await stranger(port);
    socket.write('AX');
    await ended(socket);
    expect(errors).toMatchObject([{ name: 'ProtocolError', message: expect.stringContaining('AFL1') }]);
  });

  it('reads preamble and frames that arrive in single bytes', async () => {
    const { port } = await serve(ECHO);
    const socket = await stranger(port);
    const said = Buffer.concat([PREAMBLE, encodeFrame(9, 4, ASKED)]);
    for (const byte of said) await new Promise((sent) => socket.write(Buffer.of(byte), sent));
    const [answer] = await once(socket, 'data');
    expect(answer).toEqual(encodeFrame(9, 4, ASKED));
  });

  it('closes a connection that sends no preamble in time', async () => {
    const { port } = await serve(ECHO, { preambleLimit: 20 });
    await ended(await stranger(port));
  });

  it('closes a connection that announces an oversized frame, and reports it', async () => {
    const errors: unknown[] = [];
    const { port } = await serve(ECHO, { requestLimit: 1000, onError: (error) => errors.push(error) });
    const socket = await stranger(port);
    socket.write(Buffer.concat([PREAMBLE, Buffer.from([0xff, 0xff, 0xff, 0xff])]));
    await ended(socket);
    expect(errors).toMatchObject([{ message: 'frame of 4294967295 bytes; must be between 5 and 1000' }]);
  });

  it('keeps answering other clients, whatever bytes one of them sends', async () => {
    const { begun, subscribe } = streams();
    const { port, server } = await serve(ECHO, { subscribe, requestLimit: 1000, preambleLimit: 50 });
    const client = link(port);
    await until(() => client.connected, 'it is connected');
    const frame = encodeFrame(1, 2, Buffer.alloc(200));
    const anyFrame = fc
      .tuple(fc.nat(3), fc.constantFrom(1, 128, 253, 254, 255), fc.uint8Array({ maxLength: 20 }))
      .map(([id, operation, payload]) => encodeFrame(id, operation, payload));
    const said = fc.oneof(
      fc.array(anyFrame, { maxLength: 20 }).map((frames) => Buffer.concat([PREAMBLE, ...frames])),
      fc.uint8Array({ maxLength: 100 }),
      fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.concat([PREAMBLE, bytes])),
      fc.nat(frame.length).map((end) => Buffer.concat([PREAMBLE, frame, frame.subarray(0, end)])),
      fc.integer({ min: 996, max: 0xffff_ffff }).map((length) => {
        const head = Buffer.alloc(4);
        head.writeUInt32BE(length);
        return Buffer.concat([PREAMBLE, frame, head]);
      }),
    );
    await fc.assert(
      fc.asyncProperty(said, fc.boolean(), async (bytes, rudely) => {
        const socket = await stranger(port);
        if (rudely) socket.write(bytes, () => socket.resetAndDestroy());
        else socket.end(bytes);
        await expect(client.call(9, ASKED)).resolves.toEqual({ status: 9, payload: TEXT });
        await ended(socket);
      }),
      { numRuns: 200 },
    );
    await until(() => server.subscriptions === 0, 'their subscriptions are over');
    expect(new Set(begun.map(({ stops }) => stops))).toEqual(new Set([1]));
  });

  it('stops answering a client that does not read', async () => {
    const page = Buffer.alloc(100_000, 'page');
    let made = 0;
    const { port, server } = await serve((operation) => {
      if (operation === 0) made++;
      return { status: 0, payload: page };
    });
    const { socket, answers, ask } = await slowClient(port);
    // 400 requests fit into one read: without the limit all of them would be answered in one turn.
    ask(range(1, 400));
    await until(() => made > 0, 'the first is answered');
    const other = link(port);
    for (let turn = 0; turn < 20; turn++) await other.call(1, NOTHING);
    expect(server.buffered).toBeGreaterThan(0);
    expect(server.buffered).toBeLessThan(2_000_000);
    const madeMeanwhile = made;
    ask(range(401, 500));
    for (let turn = 0; turn < 20; turn++) await other.call(1, NOTHING);
    expect(made).toBe(madeMeanwhile);
    expect(made).toBeLessThan(200);
    socket.resume();
    await until(() => answers.length === 500, 'it has received all answers');
    expect(answers.map(({ id }) => id)).toEqual([...range(1, 500)]);
    expect(answers.every(({ length }) => length === page.length)).toBe(true);
    expect(server.buffered).toBe(0);
  });

  it.each([10, 2_000, 100_000, 300_000])(
    'allows a handler to reuse one buffer for all its answers: %i bytes',
    async (length) => {
      const page = Buffer.alloc(length);
      const { port } = await serve((operation) => {
        page.fill(operation);
        queueMicrotask(() => page.fill('overwritten'));
        return { status: operation, payload: page };
      });
      const client = link(port);
      const letters = [...'abcdefghijklmnopqrstuvwxyz'];
      const answers = await Promise.all(letters.map((letter) => client.call(letter.charCodeAt(0), NOTHING)));
      expect(answers.map(({ payload }) => payload === payload[0]?.repeat(length))).toEqual(letters.map(() => true));
      expect(answers.map(({ payload }) => payload[0])).toEqual(letters);
    },
  );

  it('sends large answers intact to a slow client while it answers others', async () => {
    // More than the system's socket buffers hold, so that writes are pending.
    const pages = Array.from({ length: 120 }, (_, index) => Buffer.alloc((index * 77_777) % 300_000, `page ${index} `));
    const otherPage = Buffer.alloc(200_000, 'other');
    let made = 0;
    const { port, server } = await serve((operation) => ({
      status: operation,
      payload: operation === 1 ? otherPage : (pages[made++] as Buffer),
    }));
    const [slow, other] = [await slowClient(port), link(port)];
    slow.ask(range(1, pages.length));
    await until(() => server.buffered > 0, 'answers wait for the slow client');
    slow.socket.on('data', () => {
      slow.socket.pause();
      const calls = [1, 2, 3, 4].map(() => other.call(1, NOTHING));
      Promise.all(calls).then(
        () => slow.socket.resume(),
        () => {},
      );
    });
    slow.socket.resume();
    await until(() => slow.answers.length === pages.length, 'it has received all answers');
    expect(slow.payloads.map((payload, index) => payload.equals(pages[index] as Buffer))).toEqual(
      pages.map(() => true),
    );
  });

  it('limits the calls in progress per connection', async () => {
    let making = 0;
    let most = 0;
    const { port } = await serve(
      async (status, payload) => {
        most = Math.max(most, ++making);
        await new Promise(setImmediate);
        making--;
        return { status, payload };
      },
      { callLimit: 8 },
    );
    const client = link(port);
    const answers = await Promise.all([...range(1, 120)].map((index) => client.call(index, ASKED)));
    expect(answers.map(({ status }) => status)).toEqual([...range(1, 120)]);
    expect(most).toBe(8);
  });

  it('rejects when its port is in use', async () => {
    const { port } = await serve(ECHO);
    await expect(new LinkServer(ECHO).listen(port, HOST)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
