import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import fc from 'fast-check';
import { balance, endAll, link, serve, serveRaw, stranger, until } from '../test/loopback';
import { ended } from '../test/slow-client';
import { streams } from '../test/streams';
import { EMPTY, encodeFrame, NOBODY, PROBE, PROVE } from './frame';
import type { Handler, LinkServerOptions } from './link-server';
import { GREETING, PREAMBLE } from './preamble';

const ECHO: Handler = (operation, payload) => ({ status: operation, payload });
const TEXT = 'page';
const ASKED = Buffer.from(TEXT);

const prover = (secret: string) => (nonce: Uint8Array) => createHmac('sha256', secret).update(nonce).digest();
const prove = prover('secret');
const REQUIRED: LinkServerOptions = {
  proof: {
    newNonce: () => randomBytes(32),
    isProof: (nonce, proof) => proof.length === 32 && timingSafeEqual(prove(nonce), proof),
  },
};

afterEach(endAll);

/** A server that requires the proof, and what it reports and answers. */
async function guarded(options: LinkServerOptions = {}) {
  const errors: Error[] = [];
  let asked = 0;
  const handler: Handler = (operation, payload) => {
    asked++;
    return ECHO(operation, payload);
  };
  const served = await serve(handler, { ...REQUIRED, onError: (error) => errors.push(error as Error), ...options });
  return { ...served, errors, asked: () => asked };
}

describe('a server that requires a proof', () => {
  it('answers a client that knows the secret, also what was called before the connection was open', async () => {
    const { begun, subscribe } = streams();
    const { port, errors } = await guarded({ subscribe });
    const client = link(port, { prove });
    const answers = await Promise.all([1, 2, 3].map((operation) => client.call(operation, ASKED)));
    expect(answers).toEqual([1, 2, 3].map((status) => ({ status, payload: TEXT })));
    client.subscribe(128, ASKED, { message: () => {}, ended: () => {} });
    await until(() => begun.length === 1, 'the subscription has begun');
    expect(errors).toEqual([]);
  });

  it('closes the connection of a client without the secret, and answers nothing', async () => {
    const { port, errors, asked } = await guarded();
    const client = link(port);
    await expect(client.call(1, ASKED)).rejects.toMatchObject({ code: 'DISCONNECTED', retryable: true });
    expect(errors[0]).toMatchObject({
      name: 'ProofError',
      message: 'the client sent a request before a proof of the secret',
    });
    expect(asked()).toBe(0);
  });

  it('closes the connection of a client with another secret, which tries again less and less often', async () => {
    const { port, errors, asked } = await guarded();
    const attempts: number[] = [];
    link(port, { prove: prover('another'), onLost: () => attempts.push(performance.now()) });
    await until(() => attempts.length === 5, 'it has tried five times');
    expect(errors[0]).toMatchObject({ name: 'ProofError', message: 'the client has another secret' });
    expect(asked()).toBe(0);
    // Pauses of 50, 100, 200 and 400 ms.
    expect((attempts[4] as number) - (attempts[0] as number)).toBeGreaterThan(700);
  });

  it('closes a connection without a proof in time, although it sends bytes meanwhile', async () => {
    const { port, errors } = await guarded({ preambleLimit: 200 });
    const silent = await stranger(port);
    const dripping = await stranger(port);
    dripping.write(Buffer.concat([GREETING, Buffer.from([0, 0, 0, 50])]));
    const drops = setInterval(() => dripping.write('x'), 20);
    await Promise.all([ended(silent), ended(dripping)]).finally(() => clearInterval(drops));
    await until(() => errors.length === 2, 'both are reported');
    expect(errors.map(({ message }) => message)).toContain('the client sent no proof within 200 ms');
  });

  it('refuses a recorded proof', async () => {
    const { port, asked } = await guarded();
    const recorded: Buffer[] = [];
    const honest = await stranger(port);
    honest.write(GREETING);
    const [answer] = (await once(honest, 'data')) as [Buffer];
    recorded.push(encodeFrame(NOBODY, PROVE, prove(answer.subarray(9))), encodeFrame(1, 7, ASKED));
    honest.write(Buffer.concat(recorded));
    expect((await once(honest, 'data'))[0]).toEqual(encodeFrame(1, 7, ASKED));
    const thief = await stranger(port);
    thief.write(Buffer.concat([GREETING, ...recorded]));
    await ended(thief);
    expect(asked()).toBe(1);
  });

  it('gives each connection one nonce', async () => {
    const { port } = await guarded();
    const nonces: string[] = [];
    for (let count = 0; count < 20; count++) {
      const socket = await stranger(port);
      socket.write(GREETING);
      nonces.push(((await once(socket, 'data'))[0] as Buffer).toString('hex'));
      socket.write(encodeFrame(NOBODY, PROBE, EMPTY));
      await ended(socket);
    }
    expect(new Set(nonces).size).toBe(20);
  });

  it('answers strangers nothing but a nonce, whatever they send, and keeps answering clients', async () => {
    const { begun, subscribe } = streams();
    const { port, asked } = await guarded({ subscribe, requestLimit: 1000 });
    const client = link(port, { prove });
    await until(() => client.connected, 'it is connected');
    const anyFrame = fc
      .tuple(fc.nat(3), fc.constantFrom(1, 128, PROVE, PROBE, 255), fc.uint8Array({ maxLength: 40 }))
      .map(([id, operation, payload]) => encodeFrame(id, operation, payload));
    const said = fc.oneof(
      fc.array(anyFrame, { maxLength: 10 }).map((frames) => Buffer.concat([PREAMBLE, ...frames])),
      fc.array(anyFrame, { maxLength: 10 }).map((frames) => Buffer.concat([GREETING, ...frames])),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.concat([GREETING, bytes])),
    );
    let calls = 0;
    await fc.assert(
      fc.asyncProperty(said, async (bytes) => {
        const socket = await stranger(port);
        let received = 0;
        socket.on('data', (chunk) => {
          received += chunk.length;
        });
        socket.end(bytes);
        calls++;
        await expect(client.call(9, ASKED)).resolves.toEqual({ status: 9, payload: TEXT });
        await ended(socket);
        expect([0, encodeFrame(NOBODY, 0, Buffer.alloc(32)).length]).toContain(received);
      }),
      { numRuns: 200 },
    );
    expect(asked()).toBe(calls);
    expect(begun).toEqual([]);
  });
});

describe('a client that can prove the secret', () => {
  it('is answered by a server that requires no proof', async () => {
    const { port } = await serve(ECHO);
    const client = link(port, { prove });
    await expect(client.call(5, ASKED)).resolves.toEqual({ status: 5, payload: TEXT });
    expect(client.connected).toBe(true);
  });

  it('calls another server where its secret is refused', async () => {
    const { port: refusing } = await guarded();
    const { port } = await serve(ECHO);
    const both = balance([refusing, port], { prove: prover('another') });
    for (let call = 0; call < 20; call++) {
      await expect(both.call(5, ASKED)).resolves.toEqual({ status: 5, payload: TEXT });
    }
  });

  it('gives up a server that accepts connections and does not answer', async () => {
    let accepted = 0;
    const { port } = await serveRaw(() => accepted++);
    const lost: string[] = [];
    const client = link(port, { prove, deadline: 100, onLost: (_, { message }) => lost.push(message) });
    await expect(client.call(5, ASKED)).rejects.toMatchObject({ retryable: true });
    await until(() => lost.length > 1, 'it has tried again');
    expect(lost[0]).toBe('no greeting after 100 ms');
    expect(accepted).toBeGreaterThan(1);
  });

  it('continues after a restart of the server, with a new proof', async () => {
    const first = await guarded();
    const client = link(first.port, { prove });
    await client.call(1, ASKED);
    await first.server.close(0);
    await until(() => !client.connected, 'it has noticed');
    await serve(ECHO, REQUIRED, first.port);
    await until(() => client.connected, 'it is connected again');
    await expect(client.call(5, ASKED)).resolves.toEqual({ status: 5, payload: TEXT });
  });
});
