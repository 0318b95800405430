import type { User, UserId } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../authenticate/caller';
import { ApiError } from '../error-answers/api-error';
import { FeedReads } from '../read-feed/feed-reads';
import { FRESHNESS_HEADER, TOKEN_HEADER } from '../read-own-writes/consistency';
import { Appearances } from './appearances';

/** Milliseconds that a write waits for the feed, and the feed for the blocks that the writer knows of. */
const WRITE_LIMIT = 1_500;
const WRITE_WAIT = 1_000;

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
    const { body, behind, complete } = await this.feed.ask('visibility', { users: each }, user, {
      presented,
      begun,
      about: each,
      request,
    });
    if (behind || !complete) reply.header(FRESHNESS_HEADER, 'behind');
    return new Appearances(each, JSON.parse(body), behind);
  }

  /** The same for a write, which the tokens of the request do not concern. Throws ApiError, at the latest after 1.5 s. */
  async forWrite(users: Iterable<UserId>, caller: User): Promise<Appearances> {
    const each = [...new Set(users)];
    const isOwn = each.length > 0 && each.every((user) => user === caller.id);
    if (isOwn) return new Appearances([], []);
    const { promise: late, reject } = Promise.withResolvers<never>();
    // In a busy process the answer may already be in the socket, and is then read first.
    const expire = () => setImmediate(() => reject(new ApiError('SERVICE_UNAVAILABLE')));
    const timer = setTimeout(expire, WRITE_LIMIT);
    try {
      const asked = this.feed.ask('visibility', { users: each }, caller, { waitLimit: WRITE_WAIT, about: each });
      const { body, behind } = await Promise.race([asked, late]);
      return new Appearances(each, JSON.parse(body), behind);
    } finally {
      clearTimeout(timer);
    }
  }
}
