import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * Stands between a service and a server, so that a test can take the server away from it alone: `cut` is a server that
 * was stopped, `hang` one that accepts and never answers.
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

  /** Ends all connections and each new one at once. */
  cut(): void {
    this.mode = 'cut';
    for (const socket of this.sockets) socket.destroy();
  }

  /** Keeps connections and passes nothing on. */
  hang(): void {
    this.mode = 'hang';
    for (const socket of this.sockets) socket.pause();
  }

  /** Lets everything through again; what hung is ended, as its answers are lost. */
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
    // Statements sent one by one would otherwise wait 40 ms for acknowledgements that the other side holds back.
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
