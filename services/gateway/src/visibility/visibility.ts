import type { User, UserId } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../authenticate/caller';
import { ApiError } from '../error-answers/api-error';
import { FeedReads } from '../read-feed/feed-reads';
import { FRESHNESS_HEADER, TOKEN_HEADER } from '../read-own-writes/consistency';
import { Appearances } from './appearances';

/** Milliseconds that a write waits for the feed. */
const WRITE_LIMIT = 500;

/** Asks the feed, which decides who sees what, how users appear to a caller. */
@Injectable()
export class Visibility {
  constructor(private readonly feed: FeedReads) {}

  /**
   * Marks `reply` if a block or mute may be missing that the caller knows of. Asks the feed in any case, so that errors and
   * waits do not reveal whether there are `users`. `begun` as for FeedReads. Throws ApiError.
   */
  async of(
    users: Iterable<UserId>,
    request: FastifyRequest,
    reply: FastifyReply,
    begun?: number,
  ): Promise<Appearances> {
    const { user } = callerOf(request);
    const each = [...new Set([...users, user.id])];
    const presented = request.headers[TOKEN_HEADER];
    const { body, behind } = await this.feed.ask('visibility', { users: each }, user, { presented, begun });
    if (behind) reply.header(FRESHNESS_HEADER, 'behind');
    return new Appearances(each, JSON.parse(body), behind);
  }

  /** The same for a write, which the tokens of the request do not concern. Throws ApiError, at the latest after 500 ms. */
  async forWrite(users: Iterable<UserId>, caller: User): Promise<Appearances> {
    const each = [...new Set(users)];
    if (each.every((user) => user === caller.id)) return new Appearances([], []);
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new ApiError('SERVICE_UNAVAILABLE')), WRITE_LIMIT);
    try {
      const asked = this.feed.ask('visibility', { users: each }, caller, { waitLimit: WRITE_LIMIT / 2 });
      const { body, behind } = await Promise.race([asked, late]);
      return new Appearances(each, JSON.parse(body), behind);
    } finally {
      clearTimeout(timer);
    }
  }
}
