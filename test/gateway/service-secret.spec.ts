import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type Answer, Challenge, type Message, message, PROVE, proofOf } from '@activity-feed/contracts';
import type { Logger } from '@activity-feed/hosting';
import { ServerTCP } from '@nestjs/microservices';
import { RpcServer } from '../../libs/backend/src/rpc/rpc-server';
import { Services } from '../../services/gateway/src/services/services';
import { eventually } from '../harness/eventually';

const SECRET = 'the service secret of the tests';
const Find: Message<{ name: string }, Answer<string>> = message('activity.find');
const HOST = '127.0.0.1';
const unavailable = { code: 'SERVICE_UNAVAILABLE' };

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A service that answers {@link Find}, on Nest's own server or with the secret on ours. */
async function serve(server: ServerTCP) {
  const asked: string[] = [];
  server.addHandler(Find.pattern, async ({ name }: { name: string }) => {
    asked.push(name);
    return { ok: true, value: name };
  });
  await new Promise<void>((resolve) => server.listen(() => resolve()));
  ends.push(() => server.close());
  const connections: Socket[] = [];
  const tcp = server.unwrap<Server>();
  tcp.on('connection', (socket: Socket) => connections.push(socket));
  return { port: (tcp.address() as AddressInfo).port, asked, connections };
}

const warn = jest.fn();
const log = { warn } as unknown as Logger;
beforeEach(() => warn.mockClear());
const guarded = (secret?: string) => serve(new RpcServer({ host: HOST, port: 0 }, log, secret));

/** A gateway's client. */
function gateway(port: number, secret: string | undefined): Services {
  const address = { host: HOST, port };
  const services = new Services({ SOCIAL_GRAPH_ADDRESS: address, ACTIVITY_ADDRESS: address, SERVICE_SECRET: secret });
  ends.push(() => services.onApplicationShutdown());
  return services;
}

/** A raw connection and what it has received. */
async function stranger(port: number) {
  const socket = connect(port, HOST);
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  socket.on('error', () => undefined);
  ends.push(() => socket.destroy());
  await once(socket, 'connect');
  const send = (packet: unknown) => {
    const text = JSON.stringify(packet);
    socket.write(`${text.length}#${text}`);
  };
  return { socket, send, received: () => received, isClosed: () => eventually('it is closed', () => socket.closed) };
}

const NAMES = Array.from({ length: 50 }, (_, index) => `name ${index}`);

describe('a service with a secret', () => {
  it('answers a gateway that knows it, which proves it once for each connection', async () => {
    const { port, asked, connections } = await guarded(SECRET);
    const services = gateway(port, SECRET);
    expect(await Promise.all(NAMES.map((name) => services.ask(Find, { name })))).toEqual(NAMES);
    expect(asked).toEqual(NAMES);
    expect(connections).toHaveLength(1);
    const [connection] = connections as [Socket];
    const before = connection.bytesRead;
    await services.ask(Find, { name: 'ivan' });
    expect(connection.bytesRead - before).toBeLessThan(100);
    connection.destroy();
    await eventually('the gateway connects again', async () => (await services.ask(Find, { name: 'eric' })) === 'eric');
    expect(warn).not.toHaveBeenCalled();
  });

  it.each([
    ['no secret', undefined, 'a message before the proof'],
    ['another secret', 'another secret of the tests', 'the proof of another secret'],
  ])('answers nothing to a gateway with %s', async (_case, secret, reason) => {
    const { port, asked } = await guarded(SECRET);
    const services = gateway(port, secret);
    await expect(services.ask(Find, { name: 'ivan' })).rejects.toMatchObject(unavailable);
    expect(asked).toEqual([]);
    expect(warn.mock.calls).toEqual([
      [{ reason, from: HOST, connections: 1 }, expect.stringContaining('without SERVICE_SECRET')],
    ]);
  });

  it('logs one line for many connections', async () => {
    const { port } = await guarded(SECRET);
    for (let count = 0; count < 20; count++) {
      const { send, isClosed } = await stranger(port);
      send({ pattern: Find.pattern, id: 'a', data: { name: 'ivan' } });
      await isClosed();
    }
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['a message', [{ pattern: Find.pattern, id: 'a', data: { name: 'ivan' } }]],
    ['an event', [{ pattern: Find.pattern, data: { name: 'ivan' } }]],
    ['a proof without a nonce', [{ pattern: PROVE, data: { proof: '00'.repeat(32) } }]],
    ['null', [null]],
    ['messages after a refused one', [{ pattern: 'a' }, { pattern: Challenge.pattern, id: 'a' }]],
  ])('closes a connection that sends %s before the proof, and answers nothing', async (_case, packets) => {
    const { port, asked } = await guarded(SECRET);
    const { send, received, isClosed } = await stranger(port);
    for (const packet of packets) send(packet);
    await isClosed();
    expect(received()).toBe('');
    expect(asked).toEqual([]);
  });

  it.each([
    ['an empty proof', ''],
    ['a proof that is not a text', 12],
    ['a proof that is too long', '00'.repeat(33)],
    ['no proof', undefined],
  ])('closes a connection after its nonce for %s', async (_case, proof) => {
    const { port, asked } = await guarded(SECRET);
    const { send, received, isClosed } = await stranger(port);
    send({ pattern: Challenge.pattern, id: 'a' });
    await eventually('the nonce has arrived', () => received().includes('nonce'));
    const length = received().length;
    send({ pattern: PROVE, data: { proof } });
    send({ pattern: Find.pattern, id: 'b', data: { name: 'ivan' } });
    await isClosed();
    expect(received()).toHaveLength(length);
    expect(asked).toEqual([]);
  });

  it('refuses a proof of another connection, and of the link', async () => {
    const { port, asked } = await guarded(SECRET);
    const nonces: Buffer[] = [];
    const prove = async (proof: (nonce: Buffer) => Buffer) => {
      const { send, received, isClosed } = await stranger(port);
      send({ pattern: Challenge.pattern, id: 'a' });
      const [, hex = ''] = await eventually(
        'the nonce has arrived',
        () => /"nonce":"(\w{64})"/.exec(received()) ?? false,
      );
      nonces.push(Buffer.from(hex, 'hex'));
      send({ pattern: PROVE, data: { proof: proof(nonces.at(-1) as Buffer).toString('hex') } });
      send({ pattern: Find.pattern, id: 'b', data: { name: 'ivan' } });
      return { answered: () => eventually('it is answered', () => received().includes('ivan')), isClosed };
    };
    await (await prove((nonce) => proofOf(SECRET, 'commands', nonce))).answered();
    await (await prove(() => proofOf(SECRET, 'commands', nonces[0] as Buffer))).isClosed();
    await (await prove((nonce) => proofOf(SECRET, 'reads', nonce))).isClosed();
    expect(asked).toEqual(['ivan']);
    expect(new Set(nonces.map(String)).size).toBe(3);
  });

  it('closes a connection that sends many bytes without a proof', async () => {
    const { port } = await guarded(SECRET);
    const { socket, isClosed } = await stranger(port);
    socket.write(`100000#${'x'.repeat(5_000)}`);
    await isClosed();
    expect(warn.mock.calls[0]?.[0]).toMatchObject({ reason: 'more than 4096 bytes without a proof' });
  });

  it('closes a connection that is not a gateway’s, with the same warning', async () => {
    const { port } = await guarded(SECRET);
    const { socket, isClosed } = await stranger(port);
    socket.write('GET / HTTP/1.1\r\nhost: a#b\r\n\r\n');
    await isClosed();
    expect(warn.mock.calls).toEqual([
      [expect.objectContaining({ connections: 1 }), expect.stringContaining('refused')],
    ]);
  });
});

describe('a gateway with a secret', () => {
  it('sends messages to a service of an earlier version, and to one without a secret', async () => {
    for (const { port } of [await serve(new ServerTCP({ host: HOST, port: 0 })), await guarded()]) {
      const services = gateway(port, SECRET);
      expect(await Promise.all(NAMES.map((name) => services.ask(Find, { name })))).toEqual(NAMES);
    }
    expect(warn).not.toHaveBeenCalled();
  });

  it('answers 503 while the service is down or does not answer, and continues afterwards', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    await once(silent.listen(0, HOST), 'listening');
    const { port } = silent.address() as AddressInfo;
    const services = gateway(port, SECRET);
    await expect(services.ask(Find, { name: 'ivan' }, 50)).rejects.toMatchObject(unavailable);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
    await expect(services.ask(Find, { name: 'ivan' })).rejects.toMatchObject(unavailable);
    await serve(new RpcServer({ host: HOST, port }, log, SECRET));
    await eventually('it is answered', async () => (await services.ask(Find, { name: 'ivan' })) === 'ivan');
  });
});
