import type { StreamedList, UserId } from '@activity-feed/contracts';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Identities } from '../authenticate/identities';
import { ApiError } from '../error-answers/api-error';
import { retryAfter } from '../error-answers/retry-after';
import { FeedLink } from '../services/feed-link';
import { OpenStream } from './open-stream';

/** The most streams that a gateway holds open, of all users and of one; their memory is bounded by that. */
const STREAMS_MAX = 20_000;
const STREAMS_OF_USER_MAX = 32;

/** The streams that are open at this gateway. */
@Injectable()
export class OpenStreams implements OnModuleDestroy {
  private readonly byUser = new Map<UserId, Set<OpenStream>>();
  private count = 0;
  private isStopping = false;

  constructor(
    private readonly feed: FeedLink,
    identities: Identities,
  ) {
    // Whoever was suspended has to present the key again.
    identities.onForget = (user) => {
      for (const stream of [...(this.byUser.get(user) ?? [])]) stream.leave();
    };
  }

  /** At the beginning of a shutdown: clients reconnect to another gateway. */
  onModuleDestroy(): void {
    this.isStopping = true;
    for (const streams of [...this.byUser.values()]) for (const stream of [...streams]) stream.leave();
  }

  /** Resolves when the stream is open. Throws ApiError. */
  async open(
    list: StreamedList,
    since: string | undefined,
    { user, method }: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    if (!user) throw new Error('the route is not authenticated');
    if (this.isStopping || this.count >= STREAMS_MAX) {
      throw new ApiError('SERVICE_UNAVAILABLE', { 'retry-after': retryAfter() });
    }
    const ofUser = this.byUser.get(user.id) ?? new Set();
    if (ofUser.size >= STREAMS_OF_USER_MAX) throw new ApiError('STREAMS_TOO_MANY');
    this.byUser.set(user.id, ofUser);
    this.count++;
    const stream: OpenStream = new OpenStream({
      ...{ feed: this.feed, list, user, since, response: reply.raw },
      headers: reply.getHeaders() as Record<string, string>,
      onEnd: () => {
        this.count--;
        ofUser.delete(stream);
        if (ofUser.size === 0) this.byUser.delete(user.id);
      },
    });
    ofUser.add(stream);
    const error = await stream.opened;
    if (reply.raw.headersSent || reply.raw.destroyed) {
      reply.hijack();
      if (method === 'HEAD') stream.leave();
    } else if (error) throw new ApiError(error);
  }
}
