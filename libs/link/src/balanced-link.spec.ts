import { setImmediate as turnEnd } from 'node:timers/promises';
import { balance, endAll, serve, serveRaw, until } from '../test/loopback';
import type { BalancedLink } from './balanced-link';
import type { Handler } from './link-server';

const ASKED = Buffer.from('page');
const NEVER = () => new Promise<never>(() => {});

afterEach(endAll);

/** Answers with `status`, which identifies the server. */
const as =
  (status: number): Handler =>
  (_, payload) => ({ status, payload });

const later =
  (status: number): Handler =>
  async (_, payload) => {
    await turnEnd();
    return { status, payload };
  };

const statuses = async (balanced: BalancedLink, count: number) => {
  const counts = new Map<number | string, number>();
  for (let call = 0; call < count; call++) {
    const outcome = await balanced.call(0, ASKED).then(
      ({ status }) => status,
      (error) => error.code as string,
    );
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
};

/** Waits until each of the servers has answered; they use different statuses. */
async function allConnected(balanced: BalancedLink, servers: number): Promise<void> {
  const seen = new Set<number>();
  await until(() => {
    balanced.call(0, ASKED).then(
      ({ status }) => seen.add(status),
      () => {},
    );
    return seen.size === servers;
  }, 'all are connected');
}

describe('BalancedLink', () => {
  it('calls its addresses in turn', async () => {
    const ports = await Promise.all([1, 2, 3].map(async (status) => (await serve(as(status))).port));
    const balanced = balance(ports);
    await allConnected(balanced, 3);
    expect(await statuses(balanced, 30)).toEqual({ 1: 10, 2: 10, 3: 10 });
  });

  it('calls the address that is connected, and rejects when none is', async () => {
    const [gone, up] = [await serve(as(1)), await serve(as(2))];
    await gone.server.close(0);
    const balanced = balance([gone.port, up.port]);
    await allConnected(balanced, 1);
    expect(await statuses(balanced, 10)).toEqual({ 2: 10 });
    await up.server.close(0);
    let rejected = false;
    await until(() => {
      balanced.call(0, ASKED).catch(() => {
        rejected = true;
      });
      return rejected;
    }, 'none answers');
    expect(await statuses(balanced, 3)).toEqual({ DISCONNECTED: 3 });
  });

  it('retries a call on another server when its connection breaks', async () => {
    const breaks = await serveRaw((socket) => {
      socket.once('data', () => socket.on('data', () => socket.destroy()));
    });
    const { port } = await serve(as(2));
    const balanced = balance([breaks.port, port]);
    await allConnected(balanced, 1);
    expect(await statuses(balanced, 20)).toEqual({ 2: 20 });
  });

  it('loses no call when one of two servers closes under load', async () => {
    const [first, second] = [await serve(later(1)), await serve(later(2))];
    const balanced = balance([first.port, second.port]);
    await allConnected(balanced, 2);
    const calls = Array.from({ length: 100 }, () => balanced.call(0, ASKED));
    const closed = first.server.close();
    for (let turn = 0; turn < 50; turn++) {
      calls.push(balanced.call(0, ASKED), balanced.call(0, ASKED));
      await turnEnd();
    }
    await expect(Promise.all(calls)).resolves.toHaveLength(200);
    await closed;
    expect(await statuses(balanced, 10)).toEqual({ 2: 10 });
  });

  /** Two servers, of which one hangs until it recovers and answers 1, the other answers 2; one call has timed out. */
  async function withOneHanging(passOver: number) {
    let hangs = true;
    const asked = { inVain: 0 };
    const moody = await serve((_, payload) => {
      if (!hangs) return { status: 1, payload };
      asked.inVain++;
      return NEVER();
    });
    const { port } = await serve(as(2));
    const balanced = balance([moody.port, port], { deadline: 500, passOver });
    let timedOut = false;
    await until(() => {
      balanced.call(0, ASKED).catch(({ code }) => {
        timedOut ||= code === 'TIMEOUT';
      });
      return timedOut;
    }, 'a call has timed out');
    const recover = () => {
      hangs = false;
    };
    return { balanced, asked, recover };
  }

  it('avoids a server that hangs', async () => {
    const { balanced } = await withOneHanging(60_000);
    expect(await statuses(balanced, 50)).toEqual({ 2: 50 });
  });

  it('loses no call when it probes a server that still hangs', async () => {
    const lost: string[] = [];
    const { balanced, asked } = await withOneHanging(20);
    const before = asked.inVain;
    await until(() => {
      balanced.call(0, ASKED).catch(({ code }) => lost.push(code));
      return asked.inVain > before + 3;
    }, 'it was probed several times');
    expect(await statuses(balanced, 50)).toEqual({ 2: 50 });
    expect(lost).toEqual([]);
  });

  it('calls a server again when it has recovered', async () => {
    const { balanced, recover } = await withOneHanging(20);
    recover();
    await allConnected(balanced, 2);
  });

  it('calls a server that hangs when there is no other', async () => {
    const { port } = await serve(NEVER);
    const balanced = balance([port], { deadline: 250 });
    expect(await statuses(balanced, 1)).toEqual({ TIMEOUT: 1 });
    expect(await statuses(balanced, 1)).toEqual({ TIMEOUT: 1 });
  });

  it('keeps the original deadline when it retries a call', async () => {
    let greeted = 0;
    let broken = 0;
    const hangs = await serveRaw((socket) => socket.once('data', () => greeted++));
    const breaks = await serveRaw((socket) => {
      socket.once('data', () => {
        greeted++;
        socket.once('data', () =>
          setTimeout(() => {
            broken++;
            socket.destroy();
          }, 1_500),
        );
      });
    });
    const balanced = balance([hangs.port, breaks.port], { deadline: 2_000 });
    await until(() => greeted === 2, 'both are connected');
    const begun = performance.now();
    await expect(balanced.call(0, ASKED)).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(broken).toBe(1);
    expect(performance.now() - begun).toBeLessThan(3_400);
  });

  it('closes all its connections', async () => {
    let asked = false;
    const { port } = await serve(() => {
      asked = true;
      return NEVER();
    });
    const balanced = balance([port]);
    const call = balanced.call(0, ASKED);
    await until(() => asked, 'the call is under way');
    balanced.close();
    await expect(call).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(balanced.call(0, ASKED)).rejects.toMatchObject({ retryable: false });
  });
});
