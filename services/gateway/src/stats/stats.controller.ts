import { EventTime, STATS_HOURS_DEFAULT, STATS_HOURS_MAX, VERBS } from '@activity-feed/contracts';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { sendBytes } from '../read-feed/send-bytes';
import { beginRead, ended } from '../read-feed/trace-reads';
import { FeedLink } from '../services/feed-link';
import { wholeNumber } from '../validate/numbers';
import { parse } from '../validate/parse';

const StatsRequest = z.object({ hours: wholeNumber(STATS_HOURS_MAX, 'HOURS_INVALID').optional() });

const StatsAnswer = z.object({
  stats: z.array(
    z.object({
      hour: EventTime.describe('Its start, in UTC'),
      verb: z.enum(VERBS),
      activities: z.int().min(1),
      actors: z.int().min(1).describe('Users who did this in the hour'),
    }),
  ),
});

@Controller('stats')
export class StatsController {
  constructor(private readonly feed: FeedLink) {}

  @Get()
  @RouteConfig({ access: 'admin' })
  @DescribeRoute({
    summary: 'Activities of all users by hour and verb, newest first',
    description: 'The latest hour is the current, incomplete one. A verb without activities in an hour is left out.',
    security: 'admin-key',
    query: {
      hours: {
        schema: z.int().min(1).max(STATS_HOURS_MAX).default(STATS_HOURS_DEFAULT),
        description: 'The latest hours, the current one included',
      },
    },
    answer: {
      schema: StatsAnswer,
      example: {
        stats: [
          { hour: '2019-02-10T12:00:00.000000+00:00', verb: 'like', activities: 12, actors: 3 },
          { hour: '2019-02-10T12:00:00.000000+00:00', verb: 'post', activities: 2, actors: 1 },
        ],
      },
    },
    errors: ['HOURS_INVALID'],
  })
  async stats(@Query() query: unknown, @Res() reply: FastifyReply): Promise<void> {
    const { hours = STATS_HOURS_DEFAULT } = parse(StatsRequest, query);
    const call = beginRead('stats', reply.request);
    const answer = this.feed.read('stats', { hours, trace: call?.traceparent });
    sendBytes(reply, (await (call ? ended(call, answer) : answer)).body);
  }
}
