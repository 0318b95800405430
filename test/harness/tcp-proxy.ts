import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A proxy between a service and a server that simulates a failed server for this service only: `cut` a stopped one,
 * `hang` one that accepts connections but never answers.
 */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private mode: 'pass' | 'cut' | 'hang' = 'pass';

  private constructor(
    private readonly server: Server,
    private readonly target: { host: string; port: number },
  ) {
    server.on('connection', (socket) => this.accept(socket));
  }

  static async to(host: string, port: number): Promise<TcpProxy> {
    const server = createServer({ pauseOnConnect: true, noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TcpProxy(server, { host, port });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Closes all connections, and new ones as soon as they open. */
  cut(): void {
    this.mode = 'cut';
    for (const socket of this.sockets) socket.destroy();
  }

  /** Keeps connections open but forwards nothing. */
  hang(): void {
    this.mode = 'hang';
    for (const socket of this.sockets) socket.pause();
  }

  /** Forwards again. Closes connections that hung, because their answers are lost. */
  restore(): void {
    if (this.mode === 'hang') for (const socket of this.sockets) socket.destroy();
    this.mode = 'pass';
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(socket: Socket): void {
    if (this.mode === 'cut') {
      socket.destroy();
      return;
    }
    this.track(socket);
    if (this.mode === 'hang') return;
    // Without noDelay, consecutive statements would wait 40 ms for delayed acknowledgements.
    const upstream = connect({ ...this.target, noDelay: true });
    this.track(upstream);
    for (const [from, to] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      from.on('data', (chunk) => to.write(chunk));
      from.on('close', () => to.destroy());
    }
    socket.resume();
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
  }
}
