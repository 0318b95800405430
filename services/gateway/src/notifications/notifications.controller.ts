import {
  type Mark,
  MarkNotifications,
  type MarkQuery,
  type Marks,
  type UnmarkedGroups,
} from '@activity-feed/contracts';
import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../authenticate/caller';
import { Commands } from '../commands/commands';
import { FeedReads } from '../read-feed/feed-reads';
import { withUrls } from '../read-feed/next-url';
import { readPageRequest } from '../read-feed/page-request';
import { PageAnswers } from '../read-objects/page-answers';
import { parse } from '../validate/parse';
import { DescribeRead, DescribeSeen, ReadRequest, SeenRequest } from './describe-marks';
import { DescribeCount, DescribeNotifications } from './describe-notifications';

/** What others did about the caller. */
@Controller('notifications')
export class NotificationsController {
  constructor(
    private readonly feed: FeedReads,
    private readonly answers: PageAnswers,
    private readonly commands: Commands,
  ) {}

  @Get()
  @DescribeNotifications()
  page(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { limit: count, cursor: after, expand: objects, since: place } = request.query as Record<string, unknown>;
    const asked = { limit: count, cursor: after, expand: objects, since: place };
    const { limit, cursor, expand, since, ...urls } = readPageRequest('/notifications', asked);
    const read = async (begun?: number) => {
      const page =
        since === undefined
          ? await this.feed.read('notifications', { limit, cursor, positioned: true }, request, reply, begun)
          : await this.feed.read('newerNotifications', { limit, since }, request, reply, begun);
      return withUrls(page, urls);
    };
    return this.answers.send(read, expand, request, reply);
  }

  @Get('count')
  @DescribeCount()
  count(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.feed.answer('unmarked', {}, request, reply);
  }

  @Post('seen')
  @HttpCode(200)
  @DescribeSeen()
  seen(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UnmarkedGroups> {
    const { until } = parse(SeenRequest, body);
    return this.mark({ until }, (mark) => ({ seen: mark.until ?? null }), request, reply);
  }

  @Post('read')
  @HttpCode(200)
  @DescribeRead()
  read(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UnmarkedGroups> {
    const { until, ids } = parse(ReadRequest, body);
    return this.mark(
      { until, ids },
      (mark) => ({ read: mark.until ?? null, groups: mark.groups ?? [] }),
      request,
      reply,
    );
  }

  /** The feed knows what the notifications stand for, and activity keeps the marks. The counts include them. */
  private async mark(
    asked: Pick<MarkQuery, 'until' | 'ids'>,
    toMarks: (mark: Mark) => Partial<Marks>,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<UnmarkedGroups> {
    const begun = performance.now();
    const prepare = async () => {
      const mark = JSON.parse(await this.feed.read('mark', asked, request, reply, begun)) as Mark;
      return { actor: callerOf(request).user, marks: toMarks(mark) };
    };
    await this.commands.send(MarkNotifications, prepare, reply);
    return JSON.parse(await this.feed.read('unmarked', {}, request, reply, begun)) as UnmarkedGroups;
  }
}
