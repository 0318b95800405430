import { once } from 'node:events';
import { createServer, type ListenOptions, type Server } from 'node:net';

/** Only Linux distributes new connections evenly among sockets that listen on one port. */
const SOCKETS = process.platform === 'linux' ? 8 : 1;

/** A server that can be told how to listen: Nest's application. */
interface Listening {
  listen(options: ListenOptions): Promise<unknown>;
  getHttpServer(): Server;
}

/**
 * Listens on a port with several sockets. libuv accepts one connection for each socket and turn of the event loop, and under
 * load a turn takes long: with a single socket new clients wait until they give up, while those that are connected are
 * served. What finds all queues full, 511 connections each, is dropped by the kernel, and the client tries again after 1,
 * 3 and 7 s: a longer queue would fill with clients that have given up.
 *
 * Rejects with EADDRINUSE if another process listens there; sockets that share a port would not notice.
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
  server.close = (done) => {
    for (const other of others) other.close();
    return close(done);
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
