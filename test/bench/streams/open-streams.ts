import type { User } from '../../load/world/world.ts';
import type { Received } from './judge-deliveries.ts';
import { StreamClient } from './stream-client.ts';

/** Streams that are being opened at the same time. */
const AT_ONCE = 100;

/** The open streams of users. */
export class OpenStreams {
  readonly received: Received[] = [];
  private readonly clients: StreamClient[] = [];
  private readonly lost: string[] = [];

  /** Resolves when all are open. Rejects if one is refused. */
  static async open(url: string, users: readonly User[], signal: AbortSignal): Promise<OpenStreams> {
    const streams = new OpenStreams();
    const remaining = users.entries();
    const openNext = async () => {
      for (const [stream, user] of remaining) {
        signal.throwIfAborted();
        await streams.add(url, user, stream).opened;
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, openNext));
    } catch (error) {
      streams.close();
      throw error;
    }
    return streams;
  }

  /** Throws if a stream has ended. */
  checkOpen(): void {
    if (this.lost.length > 0) throw new Error(`${this.lost.length} streams have ended; the first: ${this.lost[0]}`);
  }

  close(): void {
    for (const client of this.clients) client.close();
  }

  private add(url: string, user: User, stream: number): StreamClient {
    const receive = (data: string) => {
      const at = performance.now();
      this.received.push({ object: JSON.parse(data).object_id, at, stream });
    };
    const client = new StreamClient(url, user, receive, (reason) => this.lost.push(reason));
    this.clients.push(client);
    return client;
  }
}
