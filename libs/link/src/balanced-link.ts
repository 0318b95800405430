import type { Address, Answer, Link } from './link';
import { DEADLINE, LinkClient, type LinkClientOptions } from './link-client';
import type { LinkError } from './link-error';
import { isToBeTried, nextInTurn } from './next-in-turn';

export interface BalancedLinkOptions extends LinkClientOptions {
  /** Milliseconds for which an address is passed over after a call to it timed out, if another is connected. */
  passOver?: number;
}

const PASS_OVER = 1_000;

/**
 * Calls to several processes that answer the same. They take turns; one that hangs is passed over until it answers a
 * call that was made elsewhere too. A call whose connection breaks, or whose turn falls on a full one, is made once more
 * elsewhere, in what is left of its deadline.
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
    // When all are down, any tells so.
    const index = this.next(now) ?? 0;
    this.trySilent(now, index, operation, payload);
    return this.client(index)
      .call(operation, payload, expiresAt)
      .catch((error: LinkError) => {
        const elsewhere = error.code === 'DISCONNECTED' || error.code === 'OVERLOADED';
        const other = elsewhere ? this.next(performance.now(), index) : undefined;
        if (other === undefined) throw error;
        return this.client(other).call(operation, payload, expiresAt);
      });
  }

  close(): void {
    for (const client of this.clients) client.close();
  }

  private next(now: number, except?: number): number | undefined {
    const next = nextInTurn(this.clients, { last: this.last, now, passOver: this.passOver, except });
    this.last = next ?? this.last;
    return next;
  }

  /** Asks those that hang the same as the one that is relied on, which costs nobody the deadline. */
  private trySilent(now: number, reliedOn: number, operation: number, payload: Uint8Array): void {
    for (const [index, client] of this.clients.entries()) {
      if (index === reliedOn || !isToBeTried(client, now, this.passOver)) continue;
      client.call(operation, payload).catch(() => {});
    }
  }

  private client(index: number): LinkClient {
    return this.clients[index] as LinkClient;
  }
}
