import type { FeedActors } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FeedReads } from '../read-feed/feed-reads';
import { withUrls } from '../read-feed/next-url';
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
    { grouped, expand, nextUrl, newerUrl, since, ...page }: PageRequest,
    request: FastifyRequest,
    reply: FastifyReply,
    from?: number,
  ): Promise<void> {
    const urls = { nextUrl, newerUrl };
    const read = async (begun?: number) => {
      const at = from ?? begun;
      if (since === undefined) {
        const name = grouped ? 'groups' : 'page';
        return this.feed.readPage(name, { ...actors, ...page }, urls, request, reply, at);
      }
      const { limit } = page;
      return withUrls(await this.feed.read('newer', { ...actors, limit, since }, request, reply, at), urls);
    };
    return this.answers.send(read, expand, request, reply);
  }
}
