import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { ConnectionOptions } from './connection-options';
import { ANSWER_BYTES_LIMIT, REQUEST_BYTES_LIMIT } from './frame';
import type { Handler } from './handlers';
import { ServerConnection } from './server-connection';

export type { RequiredProof } from './connection-options';
export type { Handler, Publisher, SubscribeHandler } from './handlers';
export type LinkServerOptions = Partial<ConnectionOptions>;

const DEFAULTS: ConnectionOptions = {
  proof: undefined,
  subscribe: () => {
    throw new Error('this server has no subscriptions');
  },
  requestLimit: REQUEST_BYTES_LIMIT,
  answerLimit: ANSWER_BYTES_LIMIT,
  callLimit: 1_024,
  subscriptionLimit: 20_000,
  messageBytes: 16 * 1024 * 1024,
  preambleLimit: 5_000,
  onError: () => {},
};

/** Milliseconds for calls in progress when the server closes. */
const CLOSE_LIMIT = 2_500;
const KEEP_ALIVE_DELAY = 10_000;

export class LinkServer {
  private readonly options: ConnectionOptions;
  private readonly connections = new Set<ServerConnection>();
  private readonly server: Server;

  constructor(
    readonly handler: Handler,
    options: LinkServerOptions = {},
  ) {
    this.options = { ...DEFAULTS, ...options };
    const socketOptions = { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_DELAY };
    this.server = createServer(socketOptions, (socket) => this.accept(socket));
  }

  /** Bytes of answers and messages that clients have not yet received. */
  get buffered(): number {
    let bytes = 0;
    for (const { buffered } of this.connections) bytes += buffered;
    return bytes;
  }

  /** Number of open subscriptions. */
  get subscriptions(): number {
    let open = 0;
    for (const { subscriptions } of this.connections) open += subscriptions;
    return open;
  }

  /** Returns the port, which the system chooses if `port` is 0. Rejects if the port is not available. */
  async listen(port: number, host: string): Promise<number> {
    this.server.listen(port, host);
    await once(this.server, 'listening');
    this.server.on('error', this.options.onError);
    return (this.server.address() as AddressInfo).port;
  }

  /**
   * Ends subscriptions, accepts no more calls, answers those in progress within `limit` milliseconds, and closes all
   * connections.
   */
  async close(limit = CLOSE_LIMIT): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const connection of this.connections) connection.close();
    const late = setTimeout(() => {
      for (const { socket } of this.connections) socket.destroy();
    }, limit);
    await closed;
    clearTimeout(late);
  }

  private accept(socket: Socket): void {
    const connection = new ServerConnection(socket, this.handler, this.options);
    this.connections.add(connection);
    socket.on('close', () => this.connections.delete(connection));
  }
}
