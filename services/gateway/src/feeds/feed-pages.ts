import type { FeedActors } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FeedReads } from '../read-feed/feed-reads';
import type { PageRequest } from '../read-feed/page-request';
import { PageAnswers } from '../read-objects/page-answers';

/** Answers requests for pages of feeds, grouped or not. */
@Injectable()
export class FeedPages {
  constructor(
    private readonly feed: FeedReads,
    private readonly answers: PageAnswers,
  ) {}

  /** `from`: when reading for the request began; see FeedReads. Throws ApiError. */
  send(
    actors: Omit<FeedActors, 'reader'>,
    { grouped, expand, nextUrl, ...page }: PageRequest,
    request: FastifyRequest,
    reply: FastifyReply,
    from?: number,
  ): Promise<void> {
    const name = grouped ? 'groups' : 'page';
    const read = (begun?: number) =>
      this.feed.readPage(name, { ...actors, ...page }, nextUrl, request, reply, from ?? begun);
    return this.answers.send(read, expand, request, reply);
  }
}
