import {
  decodeFeedPosition,
  FindReadPosition,
  type KeptFeed,
  MarkNotifications,
  type Marks,
} from '@activity-feed/contracts';
import { Body, Controller, Get, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, CurrentCaller } from '../authenticate/caller';
import { Commands } from '../commands/commands';
import { ApiError } from '../error-answers/api-error';
import { Services } from '../services/services';
import { parse } from '../validate/parse';
import {
  DescribePosition,
  DescribePositionChange,
  KEPT_PATHS,
  PositionQuery,
  PositionRequest,
} from './describe-position';

/** Characters of a position: those of a hundred partitions have less. */
const KEPT_MAX = 2_000;

interface PositionAnswer {
  newer_url: string | null;
}

/** How far the caller has read lists, which is kept for all devices. */
@Controller('me/position')
export class PositionController {
  constructor(
    private readonly services: Services,
    private readonly commands: Commands,
  ) {}

  @Get()
  @DescribePosition()
  position(@CurrentCaller() caller: Caller, @Req() request: FastifyRequest): Promise<PositionAnswer> {
    return this.find(caller, parse(PositionQuery, request.query).feed);
  }

  @Put()
  @DescribePositionChange()
  async keep(
    @CurrentCaller() caller: Caller,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PositionAnswer> {
    const { feed, newer_url } = parse(PositionRequest, body);
    const marks: Partial<Marks> = { positions: { [feed]: positionIn(newer_url, feed) } };
    await this.commands.send(MarkNotifications, { actor: caller.user, marks }, reply);
    return this.find(caller, feed);
  }

  private async find({ user }: Caller, feed: KeptFeed): Promise<PositionAnswer> {
    const { position } = await this.services.ask(FindReadPosition, { reader: user.id, feed });
    return { newer_url: position && `${KEPT_PATHS[feed]}?since=${position}` };
  }
}

/** Throws ApiError if the URL is not a `newer_url` of the list. */
function positionIn(url: string, feed: KeptFeed): string {
  const [path, query] = url.split('?', 2);
  const since = new URLSearchParams(query).get('since');
  if (path !== KEPT_PATHS[feed] || !since || since.length > KEPT_MAX || !decodeFeedPosition(since)) {
    throw new ApiError('POSITION_INVALID');
  }
  return since;
}
