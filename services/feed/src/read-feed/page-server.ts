import { isUnavailable } from '@activity-feed/backend';
import { FEED_OPERATIONS, FEED_STATUSES, type PageQuery } from '@activity-feed/contracts';
import { checkHealth, type Dependency, type Logger } from '@activity-feed/hosting';
import { LinkServer, type Reply } from '@activity-feed/link';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { ReadFeed } from './read-feed';
import { refusal } from './refusal';

/** Milliseconds for each dependency: less than the gateway's own check gives to the whole. */
const PING_LIMIT = 700;

export interface PageServerOptions {
  host: string;
  port: number;
  feed: ReadFeed;
  dependencies: Dependency[];
  log: Logger;
}

/** Answers the gateways over the link. */
export class PageServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly server: LinkServer;

  constructor(private readonly options: PageServerOptions) {
    const onError = (error: unknown) => options.log.warn({ err: error }, 'a connection of the link failed');
    this.server = new LinkServer((operation, payload) => this.answer(operation, payload), { onError });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.server.listen(this.options.port, this.options.host);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.server.close();
  }

  private answer(operation: number, payload: Buffer): Reply | Promise<Reply> {
    if (operation === FEED_OPERATIONS.page) return this.page(payload);
    if (operation === FEED_OPERATIONS.ping) return this.ping();
    return refusal('INTERNAL');
  }

  private page(payload: Buffer): Reply | Promise<Reply> {
    try {
      const query: PageQuery = JSON.parse(payload.toString());
      const reply = this.options.feed.page(query);
      return reply instanceof Promise ? reply.catch((error) => this.failed(error)) : reply;
    } catch (error) {
      return this.failed(error);
    }
  }

  private async ping(): Promise<Reply> {
    const { status } = await checkHealth(this.options.dependencies, PING_LIMIT);
    return { status: FEED_STATUSES.ok, payload: Buffer.from(status) };
  }

  private failed(error: unknown): Reply {
    if (isUnavailable(error)) {
      this.options.log.warn({ err: error }, 'the database does not answer');
      return refusal('SERVICE_UNAVAILABLE');
    }
    this.options.log.error({ err: error }, 'a page could not be read');
    return refusal('INTERNAL');
  }
}
