import type { Address, Answer, Link, Subscriber } from './link';
import { DEADLINE, LinkClient, type LinkClientOptions } from './link-client';
import type { LinkError } from './link-error';
import { isToBeTried, nextInTurn } from './next-in-turn';

export interface BalancedLinkOptions extends LinkClientOptions {
  /** Milliseconds for which an address is avoided after a call to it timed out, if another is connected. */
  passOver?: number;
}

const PASS_OVER = 1_000;

/**
 * Balances calls and subscriptions between equivalent servers, round robin. A server that hangs is avoided until it
 * answers a probe. A call whose connection breaks, or whose server has too many calls in flight, is retried once on
 * another server within the same deadline; a subscription is not.
 */
export class BalancedLink implements Link {
  private readonly clients: LinkClient[];
  private readonly deadline: number;
  private readonly passOver: number;
  private last = 0;

  constructor(addresses: Address[], options: BalancedLinkOptions = {}) {
    if (addresses.length === 0) throw new RangeError('a link needs at least one address');
    this.deadline = options.deadline ?? DEADLINE;
    this.passOver = options.passOver ?? PASS_OVER;
    this.clients = addresses.map((address) => new LinkClient(address, options));
  }

  call(operation: number, payload: Uint8Array): Promise<Answer> {
    const now = performance.now();
    const expiresAt = now + this.deadline;
    // If all are down, any client rejects the call.
    const index = this.next(now) ?? 0;
    this.trySilent(now, index, (client) => client.call(operation, payload).catch(() => {}));
    return this.client(index)
      .call(operation, payload, expiresAt)
      .catch((error: LinkError) => {
        const elsewhere = error.code === 'DISCONNECTED' || error.code === 'OVERLOADED';
        const other = elsewhere ? this.next(performance.now(), index) : undefined;
        if (other === undefined) throw error;
        return this.client(other).call(operation, payload, expiresAt);
      });
  }

  subscribe(operation: number, payload: Uint8Array, subscriber: Subscriber): () => void {
    const now = performance.now();
    // If all are down, any client refuses it.
    const index = this.next(now) ?? 0;
    this.trySilent(now, index, (client) => client.probe());
    return this.client(index).subscribe(operation, payload, subscriber);
  }

  close(): void {
    for (const client of this.clients) client.close();
  }

  private next(now: number, except?: number): number | undefined {
    const next = nextInTurn(this.clients, { last: this.last, now, passOver: this.passOver, except });
    this.last = next ?? this.last;
    return next;
  }

  /** Probes servers that hang, for a call with a copy of it. It does not delay the request itself. */
  private trySilent(now: number, reliedOn: number, probe: (client: LinkClient) => unknown): void {
    for (const [index, client] of this.clients.entries()) {
      if (index !== reliedOn && isToBeTried(client, now, this.passOver)) probe(client);
    }
  }

  private client(index: number): LinkClient {
    return this.clients[index] as LinkClient;
  }
}
