import { type EngagementQuery, FEED_READS, FEED_STATUSES, type ObjectRef, proofOf } from '@activity-feed/contracts';
import { LinkClient } from '@activity-feed/link';
import { get } from '../../load/traffic/api.ts';
import { Gateway } from '../../load/traffic/gateway.ts';
import type { User } from '../../load/world/world.ts';
import { type BenchSystem, SERVICE_SECRET } from '../bench-system.ts';

/** A read exceeded its time limit. */
export class NoAnswer extends Error {}

/** Sends queries to a system, one at a time. Answers are JSON. */
export class Asker {
  private readonly gateway: Gateway;
  private readonly link: LinkClient;

  constructor({ url, services }: BenchSystem) {
    this.gateway = new Gateway(url, 1);
    const prove = (nonce: Uint8Array) => proofOf(SERVICE_SECRET, 'reads', nonce);
    this.link = new LinkClient({ host: '127.0.0.1', port: services.feed.rpcPort }, { prove });
  }

  /** Reads over HTTP. Throws {@link NoAnswer}. */
  async get(user: User, path: string): Promise<string> {
    const { status, body } = await this.gateway.send(get(user, path));
    if (status === 503) throw new NoAnswer();
    if (status !== 200) throw new Error(`${path} was answered ${status}: ${body.slice(0, 300)}`);
    return body;
  }

  /** The likes and shares of an object, over the link, because no HTTP route returns only these. */
  async engagement(object: ObjectRef): Promise<string> {
    const query: EngagementQuery = { object, atLeast: [] };
    const { status, payload } = await this.link.call(
      FEED_READS.engagement.operation,
      Buffer.from(JSON.stringify(query)),
    );
    if (status !== FEED_STATUSES.ok) throw new Error(`likes and shares were answered ${status}: ${payload}`);
    return payload;
  }

  async close(): Promise<void> {
    this.link.close();
    await this.gateway.close();
  }
}
