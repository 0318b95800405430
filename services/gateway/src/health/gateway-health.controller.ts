import { type Health, HealthController } from '@activity-feed/hosting';
import { Controller, Get, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';

const Live = z.object({ status: z.literal('alive') });
const Ready = z.object({
  status: z.enum(['ready', 'degraded', 'unavailable']),
  dependencies: z.record(z.string(), z.string()),
  degraded: z.record(z.string(), z.string()).optional(),
});

/** The health routes of every service, included in the OpenAPI document. */
@ApiTags('System')
@Controller('health')
export class GatewayHealthController extends HealthController {
  @Get('live')
  @RouteConfig({ access: 'public' })
  @DescribeRoute({
    summary: 'Whether the process runs',
    security: 'none',
    answer: { schema: Live, example: { status: 'alive' } },
  })
  override live(): { status: 'alive' } {
    return super.live();
  }

  @Get('ready')
  @RouteConfig({ access: 'public' })
  @DescribeRoute({
    summary: 'Whether the gateway can answer requests, and the state of each dependency',
    description:
      'Answers 503 with the same body when the status is `unavailable`. `degraded` says what is missing or slower, for each optional dependency that is down.',
    security: 'none',
    answer: {
      schema: Ready,
      example: { status: 'ready', dependencies: { 'social-graph': 'up', activity: 'up', feed: 'up', redis: 'up' } },
    },
  })
  override ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Health> {
    return super.ready(reply);
  }
}
