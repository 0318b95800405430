import { TRENDING_LIMIT_DEFAULT } from '@activity-feed/contracts';
import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FeedReads } from '../feeds/feed-reads';
import { parse } from '../validate/parse';
import { DescribeTrending } from './describe-trending';
import { TrendingRequest } from './trending-request';

@Controller('trending')
export class TrendingController {
  constructor(private readonly feed: FeedReads) {}

  @Get()
  @DescribeTrending()
  trending(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const {
      window = '24h',
      type,
      among = 'all',
      limit = TRENDING_LIMIT_DEFAULT,
    } = parse(TrendingRequest, request.query);
    return this.feed.answer('trending', { window, type, among, limit }, request, reply);
  }
}
