import { type FeedKind, SUMMARY_DAYS_DEFAULT } from '@activity-feed/contracts';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { byGroup } from '../limit-rates/rate-class';
import { FeedReads } from '../read-feed/feed-reads';
import { readPageRequest } from '../read-feed/page-request';
import { parse } from '../validate/parse';
import { DescribeFeed } from './describe-feed';
import { DescribeSummary } from './describe-summary';
import { FeedPages } from './feed-pages';
import { SummaryRequest } from './summary-request';

@Controller('feed')
export class FeedsController {
  constructor(
    private readonly feed: FeedReads,
    private readonly pages: FeedPages,
  ) {}

  @Get('my')
  @RouteConfig({ rateClass: byGroup })
  @DescribeFeed("The caller's activities, newest first", 'my')
  my(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.page('my', request, reply);
  }

  @Get('friends')
  @RouteConfig({ rateClass: byGroup })
  @DescribeFeed("The activities of the caller's followees, newest first", 'friends')
  friends(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.page('friends', request, reply);
  }

  @Get('my/summary')
  @RouteConfig({ rateClass: 'aggregates' })
  @DescribeSummary("Counts of the caller's activities", 'my')
  mySummary(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.summary('my', request, reply);
  }

  @Get('friends/summary')
  @RouteConfig({ rateClass: 'aggregates' })
  @DescribeSummary("Counts of the activities of the caller's followees", 'friends')
  friendsSummary(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.summary('friends', request, reply);
  }

  private page(feed: FeedKind, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.pages.send({ feed }, readPageRequest(`/feed/${feed}`, request.query), request, reply);
  }

  private summary(feed: FeedKind, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { days = SUMMARY_DAYS_DEFAULT } = parse(SummaryRequest, request.query);
    return this.feed.answer('summary', { feed, days }, request, reply);
  }
}
