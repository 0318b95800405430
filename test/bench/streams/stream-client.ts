import { connect, type Socket } from 'node:net';
import type { User } from '../../load/world/world.ts';

/** One client of a stream of a friends feed. It reads only what it has to, since it shares the measured machine. */
export class StreamClient {
  private readonly socket: Socket;
  private rest = '';
  private event = '';
  private isClosed = false;
  /** Resolves when its first event has arrived. */
  readonly opened: Promise<void>;
  private isOpen = () => {};

  /** `onEntry` is called with the data of each entry, `onLost` if the stream ends before it is closed. */
  constructor(url: string, { key }: User, onEntry: (data: string) => void, onLost: (reason: string) => void) {
    const { hostname, port, host } = new URL(url);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.opened = promise;
    this.isOpen = resolve;
    // The caller awaits it later.
    promise.catch(() => undefined);
    this.socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.socket.setEncoding('latin1');
    this.socket.write(`GET /feed/friends/stream HTTP/1.1\r\nhost: ${host}\r\nx-app-key: ${key}\r\n\r\n`);
    this.socket.on('data', (text) => this.take(text as unknown as string, onEntry));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      if (this.isClosed) return;
      const reason = `a stream has ended: ${this.rest.slice(-300)}`;
      reject(new Error(reason));
      onLost(reason);
    });
  }

  close(): void {
    this.isClosed = true;
    this.socket.destroy();
  }

  /** The lines of HTTP's chunks are between those of the events, as the gateway sends whole events in a chunk. */
  private take(text: string, onEntry: (data: string) => void): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() as string;
    for (const line of lines) {
      if (line.startsWith('event: ')) this.event = line.slice('event: '.length);
      else if (line.startsWith('data: ')) {
        this.isOpen();
        if (this.event === 'entry') onEntry(line.slice('data: '.length));
        else if (this.event !== 'position') throw new Error(`a stream got the event ${this.event}`);
      }
    }
  }
}
