import type { Address, Answer, Link } from './link';
import { DEADLINE, LinkClient, type LinkClientOptions } from './link-client';
import type { LinkError } from './link-error';

export interface BalancedLinkOptions extends LinkClientOptions {
  /** Milliseconds for which an address is passed over after a call to it timed out, if another is connected. */
  passOver?: number;
}

const PASS_OVER = 1_000;

interface Member {
  client: LinkClient;
  /** When a call was last sent to find out whether it answers again, by `performance.now()`. */
  triedAt: number;
}

/**
 * Calls to several processes that answer the same. They take turns; one that hangs is passed over. A call whose
 * connection breaks, or whose turn falls on a full one, is made once more elsewhere, in what is left of its deadline.
 */
export class BalancedLink implements Link {
  readonly #members: Member[];
  readonly #deadline: number;
  readonly #passOver: number;
  #turn = 0;

  constructor(addresses: Address[], options: BalancedLinkOptions = {}) {
    if (addresses.length === 0) throw new RangeError('a link needs an address');
    this.#deadline = options.deadline ?? DEADLINE;
    this.#passOver = options.passOver ?? PASS_OVER;
    this.#members = addresses.map((address) => ({
      client: new LinkClient(address, options),
      triedAt: Number.NEGATIVE_INFINITY,
    }));
  }

  get connected(): boolean {
    return this.#members.some(({ client }) => client.connected);
  }

  call(operation: number, payload: Uint8Array): Promise<Answer> {
    const now = performance.now();
    const expiresAt = now + this.#deadline;
    // With none connected, any tells why.
    const client = this.#next(now) ?? (this.#members[0] as Member).client;
    return client.call(operation, payload, expiresAt).catch((error: LinkError) => {
      const elsewhere = error.code === 'DISCONNECTED' || error.code === 'OVERLOADED';
      const other = elsewhere ? this.#next(performance.now(), client) : undefined;
      if (!other) throw error;
      return other.call(operation, payload, expiresAt);
    });
  }

  close(): void {
    for (const { client } of this.#members) client.close();
  }

  /** The next one in turn that is connected and answers; failing that one that is connected, or about to be. */
  #next(now: number, except?: LinkClient): LinkClient | undefined {
    const count = this.#members.length;
    let chosen: Member | undefined;
    let best = 0;
    let turn = this.#turn;
    for (let step = 1; step <= count; step++) {
      const index = (this.#turn + step) % count;
      const member = this.#members[index] as Member;
      const fitness = member.client === except ? 0 : this.#rate(member, now);
      if (fitness <= best) continue;
      [chosen, best, turn] = [member, fitness, index];
    }
    if (!chosen) return undefined;
    this.#turn = turn;
    chosen.triedAt = now;
    return chosen.client;
  }

  #rate(member: Member, now: number): number {
    if (member.client.connected) return this.#answers(member, now) ? 3 : 2;
    return member.client.connecting ? 1 : 0;
  }

  /**
   * False for a while after a timeout. After that a silent one is given one call each time, until something comes from
   * it: otherwise all calls of a whole deadline would find out anew that it still hangs.
   */
  #answers({ client, triedAt }: Member, now: number): boolean {
    const since = client.silent ? Math.max(client.timedOutAt, triedAt) : client.timedOutAt;
    return now - since >= this.#passOver;
  }
}
