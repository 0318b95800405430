import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FeedReads } from '../read-feed/feed-reads';
import { withNextUrl } from '../read-feed/next-url';
import { readPageRequest } from '../read-feed/page-request';
import { PageAnswers } from '../read-objects/page-answers';
import { DescribeCount, DescribeNotifications } from './describe-notifications';

/** What others did about the caller. */
@Controller('notifications')
export class NotificationsController {
  constructor(
    private readonly feed: FeedReads,
    private readonly answers: PageAnswers,
  ) {}

  @Get()
  @DescribeNotifications()
  page(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { limit: count, cursor: after, expand: objects } = request.query as Record<string, unknown>;
    const asked = { limit: count, cursor: after, expand: objects };
    const { limit, cursor, expand, nextUrl } = readPageRequest('/notifications', asked);
    const read = async (begun?: number) =>
      withNextUrl(await this.feed.read('notifications', { limit, cursor }, request, reply, begun), nextUrl);
    return this.answers.send(read, expand, request, reply);
  }

  @Get('count')
  @DescribeCount()
  count(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.feed.answer('unmarked', {}, request, reply);
  }
}
