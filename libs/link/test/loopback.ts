import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { BalancedLink, type BalancedLinkOptions } from '../src/balanced-link';
import { LinkClient, type LinkClientOptions } from '../src/link-client';
import { type Handler, LinkServer, type LinkServerOptions } from '../src/link-server';

export const HOST = '127.0.0.1';

const open: { close: () => unknown }[] = [];

/** Closes everything that the test opened, in reverse order. */
export async function endAll(): Promise<void> {
  for (const { close } of open.splice(0).reverse()) await close();
}

function keep<T>(thing: T, close: () => unknown): T {
  open.push({ close });
  return thing;
}

export async function serve(handler: Handler, options: LinkServerOptions = {}, port = 0) {
  const server = new LinkServer(handler, options);
  keep(server, () => server.close(0));
  return { server, port: await server.listen(port, HOST) };
}

/** A server that is not a `LinkServer`. */
export async function serveRaw(take: (socket: Socket) => void, port = 0): Promise<{ server: Server; port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    take(socket);
  });
  keep(server, () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  await once(server.listen(port, HOST), 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

export function link(port: number, options: LinkClientOptions = {}): LinkClient {
  const client = new LinkClient({ host: HOST, port }, options);
  return keep(client, () => client.close());
}

export function balance(ports: number[], options: BalancedLinkOptions = {}): BalancedLink {
  const balanced = new BalancedLink(
    ports.map((port) => ({ host: HOST, port })),
    options,
  );
  return keep(balanced, () => balanced.close());
}

/** A raw connection, without preamble. */
export async function stranger(port: number): Promise<Socket> {
  const socket = connect({ host: HOST, port });
  socket.on('error', () => {});
  keep(socket, () => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Waits up to 15 seconds until `condition` is true. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const limit = performance.now() + 15_000;
  while (!condition()) {
    if (performance.now() > limit) throw new Error(`timed out waiting until ${what}`);
    await wait(2);
  }
}
