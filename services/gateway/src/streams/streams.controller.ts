import { decodeFeedPosition, type StreamedList } from '@activity-feed/contracts';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../error-answers/api-error';
import { DescribeStream } from './describe-streams';
import { OpenStreams } from './open-streams';

const CONFIG = { acceptsTicket: true, isStream: true };

/** Lists as server-sent events, while they change. */
@Controller()
export class StreamsController {
  constructor(private readonly streams: OpenStreams) {}

  @Get('feed/friends/stream')
  @RouteConfig(CONFIG)
  @DescribeStream('friends')
  friends(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.open('friends', request, reply);
  }

  @Get('notifications/stream')
  @RouteConfig(CONFIG)
  @DescribeStream('notifications')
  notifications(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.open('notifications', request, reply);
  }

  private open(list: StreamedList, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.streams.open(list, positionOf(request), request, reply);
  }
}

/** The header is that of a reconnect, and newer than the URL. Throws ApiError POSITION_INVALID. */
function positionOf({ headers, query }: FastifyRequest): string | undefined {
  const { last_event_id } = query as Record<string, unknown>;
  const position = headers['last-event-id'] || last_event_id;
  if (position === undefined || position === '') return undefined;
  if (typeof position !== 'string' || !decodeFeedPosition(position)) throw new ApiError('POSITION_INVALID');
  return position;
}
