import { TRENDING_LIMIT_DEFAULT } from '@activity-feed/contracts';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FeedReads } from '../read-feed/feed-reads';
import { PageAnswers } from '../read-objects/page-answers';
import { parse } from '../validate/parse';
import { DescribeTrending } from './describe-trending';
import { TrendingRequest } from './trending-request';

@Controller('trending')
export class TrendingController {
  constructor(
    private readonly feed: FeedReads,
    private readonly answers: PageAnswers,
  ) {}

  @Get()
  @RouteConfig({ rateClass: 'aggregates' })
  @DescribeTrending()
  trending(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const {
      window = '24h',
      type,
      among = 'all',
      limit = TRENDING_LIMIT_DEFAULT,
      expand,
    } = parse(TrendingRequest, request.query);
    const read = (begun?: number) => this.feed.read('trending', { window, type, among, limit }, request, reply, begun);
    return this.answers.send(read, expand, request, reply);
  }
}
