import { endAll, link, serve, stranger, until } from '../test/loopback';
import { ended, range, slowClient } from '../test/slow-client';
import { CLOSING } from './frame';
import type { Handler } from './link-server';

const ECHO: Handler = (operation, payload) => ({ status: operation, payload });
const NOTHING = Buffer.alloc(0);
const TEXT = 'page';
const ASKED = Buffer.from(TEXT);

/** Milliseconds that the calls under way may take. */
const CLOSE_LIMIT = 2_500;

afterEach(endAll);

describe('LinkServer.close', () => {
  it('answers calls in progress, starts no more, and resolves', async () => {
    let answer = () => {};
    let begun = 0;
    const { port, server } = await serve(
      (_, payload) =>
        new Promise((resolve) => {
          begun++;
          answer = () => resolve({ status: 0, payload });
        }),
    );
    const { socket, answers, ask } = await slowClient(port);
    socket.resume();
    ask([1]);
    await until(() => begun === 1, 'the call has started');
    const closed = server.close();
    ask([2]);
    await until(() => answers.length === 2, 'the second call is answered');
    answer();
    await Promise.all([closed, ended(socket)]);
    expect(answers).toEqual([
      { id: 0, status: CLOSING, length: 0 },
      { id: 2, status: CLOSING, length: 0 },
      { id: 1, status: 0, length: 0 },
    ]);
    expect(begun).toBe(1);
  });

  it('sends a long answer completely on a paused connection, and notices the end of the connection', async () => {
    const page = Buffer.alloc(3_000_000);
    const { port, server } = await serve((operation) => ({ status: 0, payload: operation === 0 ? page : NOTHING }));
    const { socket, answers, ask } = await slowClient(port);
    ask(range(1, 3));
    await until(() => server.buffered > 0, 'an answer is made');
    ask([4]);
    // When this is answered, the fourth request has arrived too and is unread.
    await link(port).call(1, NOTHING);
    const begun = performance.now();
    const closed = server.close();
    socket.resume();
    await Promise.all([closed, ended(socket)]);
    expect(performance.now() - begun).toBeLessThan(CLOSE_LIMIT);
    expect(answers).toContainEqual({ id: 1, status: 0, length: page.length });
  });

  it('waits for calls and clients up to its limit', async () => {
    const { port, server } = await serve(() => new Promise(() => {}));
    const call = link(port).call(0, ASKED);
    const silent = await stranger(port);
    const { ask } = await slowClient(port);
    ask([1]);
    const begun = performance.now();
    await Promise.all([server.close(30), expect(call).rejects.toMatchObject({ code: 'DISCONNECTED' })]);
    expect(performance.now() - begun).toBeLessThan(CLOSE_LIMIT);
    await ended(silent);
  });

  it('does not wait for connections without a call', async () => {
    const { port, server } = await serve(ECHO);
    const client = link(port);
    await client.call(0, ASKED);
    const begun = performance.now();
    await server.close();
    expect(performance.now() - begun).toBeLessThan(CLOSE_LIMIT);
  });
});
