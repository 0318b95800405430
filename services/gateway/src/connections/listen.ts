import { once } from 'node:events';
import { createServer, type ListenOptions, type Server } from 'node:net';

/** Only Linux distributes new connections evenly among sockets that share a port. */
const SOCKETS = process.platform === 'linux' ? 128 : 1;

/** The part of Nest's application that is used here. */
interface Listening {
  listen(options: ListenOptions): Promise<unknown>;
  getHttpServer(): Server;
}

/**
 * Listens on a port with many sockets. libuv accepts one connection per socket and turn of the event loop, and turns take
 * up to 100 ms under load: with few sockets, new clients would time out while connected ones are served, and the queue
 * would fill with clients that have given up. With 8 sockets, 3,000 requests a second made a gateway with a quarter of a
 * core answer nobody until 15 s after the load; with 64 or more it refuses the excess (`npm run bench -- overload`).
 *
 * Rejects with EADDRINUSE if another process listens on the port, which sharing the port would hide.
 */
export async function listen(gateway: Listening, host: string, port: number): Promise<void> {
  await assertFree({ host, port });
  const options = { host, port, reusePort: SOCKETS > 1 };
  await gateway.listen(options);
  const server = gateway.getHttpServer();
  const others: Server[] = [];
  for (let socket = 1; socket < SOCKETS; socket++) {
    const other = createServer({ allowHalfOpen: true, noDelay: true }, (client) => server.emit('connection', client));
    await listening(other, options);
    others.push(other);
  }
  const close = server.close.bind(server);
  // A server's close waits only for the connections that it accepted itself.
  server.close = (done) => {
    const closed = others.map((other) => once(other, 'close'));
    for (const other of others) other.close();
    return close((error) => void Promise.all(closed).then(() => done?.(error)));
  };
}

async function assertFree(options: ListenOptions): Promise<void> {
  const server = createServer();
  await listening(server, options);
  server.close();
  await once(server, 'close');
}

async function listening(server: Server, options: ListenOptions): Promise<void> {
  const isListening = once(server, 'listening');
  server.listen(options);
  await isListening;
}
