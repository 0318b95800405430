import {
  FEED_READS,
  type FeedQuery,
  type FeedReadName,
  READ_WAIT_LIMIT,
  type User,
  type UserId,
} from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../authenticate/caller';
import { Consistency, FRESHNESS_HEADER, type Requirement, TOKEN_HEADER } from '../read-own-writes/consistency';
import { type AnswerText, FeedLink } from '../services/feed-link';
import { onBehalfOf } from '../trace-requests/request-scope';
import { withUrls } from './next-url';
import type { PageRequest } from './page-request';
import { sendBytes } from './send-bytes';
import { beginRead, ended, noted, noteSlow, traceOf } from './trace-reads';

/** The parts of a query that come from the route; the rest depends on the caller. */
export type Asked<Name extends FeedReadName> = Omit<
  FeedQuery<Name>,
  'reader' | 'atLeast' | 'unverified' | 'waitLimit' | 'trace'
>;

export interface FeedAnswer extends Pick<AnswerText, 'body' | 'behind'> {
  /** Whether all writes of the user are known, so that the answer could be required to include them. */
  complete: boolean;
}

interface Asking {
  presented?: string | string[] | undefined;
  begun?: number | undefined;
  waitLimit?: number;
  /** Users whose accounts it judges. */
  about?: readonly UserId[] | undefined;
  /** For its log lines and trace. */
  request?: FastifyRequest;
}

/** Answers requests by reads of the feed. */
@Injectable()
export class FeedReads {
  constructor(
    private readonly feed: FeedLink,
    private readonly consistency: Consistency,
  ) {}

  /** Returns a page as `read` does, with its URLs. Throws ApiError. */
  async readPage(
    name: 'page' | 'groups',
    asked: Omit<Asked<'page'>, 'nextUrl' | 'positioned'>,
    urls: Pick<PageRequest, 'nextUrl' | 'newerUrl'>,
    request: FastifyRequest,
    reply: FastifyReply,
    begun?: number,
  ): Promise<string> {
    const page = await this.read(name, { ...asked, nextUrl: '', positioned: true }, request, reply, begun);
    return withUrls(page, urls);
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
    const presented = request.headers[TOKEN_HEADER];
    const { of } = asked as { of?: UserId };
    const about = of === undefined ? undefined : [of];
    const { body, behind, complete } = await this.ask(name, asked, user, { presented, begun, about, request });
    if (behind || !complete) reply.header(FRESHNESS_HEADER, 'behind');
    return body;
  }

  /**
   * Returns the feed's answer, which includes the writes of `user` and of the `presented` tokens unless it says otherwise. `begun`
   * as for `read`; `waitLimit`: milliseconds to wait for these writes. Throws ApiError.
   */
  async ask<Name extends FeedReadName>(
    name: Name,
    asked: Asked<Name>,
    user: User,
    { presented, begun, waitLimit = READ_WAIT_LIMIT, about, request }: Asking = {},
  ): Promise<FeedAnswer> {
    const ask = ({ atLeast, unverified }: Requirement, waitLimit?: number) => {
      const call = beginRead(name, request);
      const trace = call?.traceparent ?? traceOf(request);
      const query = { ...asked, reader: user.id, atLeast, unverified, waitLimit, trace };
      const answer = this.feed.read(name, query as unknown as FeedQuery<Name>);
      return call ? ended(call, answer) : answer;
    };
    const now = performance.now();
    const from = begun ?? now;
    // Time spent waiting in the gateway counts against the wait limit of the read.
    const left = () => Math.max(0, Math.round(from + waitLimit - performance.now()));
    try {
      const required = this.consistency.forRead(user.id, presented, FEED_READS[name].shows, about, request);
      let requirement = required instanceof Promise ? await noted('versions', required, request) : required;
      const isWhole = required === requirement && begun === undefined && waitLimit === READ_WAIT_LIMIT;
      let answer = await (isWhole ? ask(requirement) : ask(requirement, left()));
      if (answer.unverified) {
        requirement = await this.verified(requirement, user, request);
        answer = await ask(requirement, left());
      }
      return { body: answer.body, behind: answer.behind, complete: requirement.complete };
    } finally {
      if (request) noteSlow(name, now, request);
    }
  }

  private verified(requirement: Requirement, user: User, request: FastifyRequest | undefined): Promise<Requirement> {
    const verify = () => this.consistency.verify(requirement, user.id);
    return request ? onBehalfOf(request, verify) : verify();
  }
}
