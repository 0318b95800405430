import { type FeedQuery, type FeedReadName, READ_WAIT_LIMIT } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../authenticate/caller';
import { Consistency, FRESHNESS_HEADER, type Requirement, TOKEN_HEADER } from '../read-own-writes/consistency';
import { FeedLink } from '../services/feed-link';
import { withNextUrl } from './next-url';
import { sendBytes } from './send-bytes';

/** The parts of a query that come from the route; the rest depends on the caller. */
type Asked<Name extends FeedReadName> = Omit<FeedQuery<Name>, 'reader' | 'atLeast' | 'unverified' | 'waitLimit'>;

/** Answers requests by reads of the feed. */
@Injectable()
export class FeedReads {
  constructor(
    private readonly feed: FeedLink,
    private readonly consistency: Consistency,
  ) {}

  /** Returns a page as `read` does; its `next_url` is `nextUrl` followed by the cursor. Throws ApiError. */
  async readPage(
    name: 'page' | 'groups',
    asked: Omit<Asked<'page'>, 'nextUrl'>,
    nextUrl: string,
    request: FastifyRequest,
    reply: FastifyReply,
    begun?: number,
  ): Promise<string> {
    return withNextUrl(await this.read(name, { ...asked, nextUrl: '' }, request, reply, begun), nextUrl);
  }

  /** Passes the feed's answer to the client without parsing it. Throws ApiError. */
  async answer<Name extends FeedReadName>(
    name: Name,
    asked: Asked<Name>,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    sendBytes(reply, await this.read(name, asked, request, reply));
  }

  /**
   * Returns the feed's answer as JSON, as a string with one character per byte of its UTF-8. Marks `reply` if the
   * answer lacks a write that the caller must see. If it follows another read, `begun` is when that one began, by
   * performance.now: together they wait no longer than one. Throws ApiError.
   */
  async read<Name extends FeedReadName>(
    name: Name,
    asked: Asked<Name>,
    request: FastifyRequest,
    reply: FastifyReply,
    begun?: number,
  ): Promise<string> {
    const { user } = callerOf(request);
    const ask = ({ atLeast, unverified }: Requirement, waitLimit?: number) =>
      this.feed.read(name, {
        ...asked,
        reader: user.id,
        atLeast,
        unverified,
        waitLimit,
      } as unknown as FeedQuery<Name>);
    const from = begun ?? performance.now();
    // Time spent waiting in the gateway counts against the wait limit of the read.
    const left = () => Math.max(0, Math.round(from + READ_WAIT_LIMIT - performance.now()));
    const required = this.consistency.forRead(user.id, request.headers[TOKEN_HEADER]);
    let requirement = required instanceof Promise ? await required : required;
    let answer = await (required === requirement && begun === undefined ? ask(requirement) : ask(requirement, left()));
    if (answer.unverified) {
      requirement = await this.consistency.verify(requirement, user.id);
      answer = await ask(requirement, left());
    }
    if (answer.behind || !requirement.complete) reply.header(FRESHNESS_HEADER, 'behind');
    return answer.body;
  }
}
