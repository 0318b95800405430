import {
  COMMENT_ORDERS,
  type CommentCommand,
  CommentOnObject,
  FindComments,
  objectName,
  POSTED_TYPES,
} from '@activity-feed/contracts';
import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Caller, CurrentCaller } from '../authenticate/caller';
import { Commands } from '../commands/commands';
import { readPageRequest } from '../read-feed/page-request';
import { readTokens, TOKEN_HEADER } from '../read-own-writes/consistency';
import { Mentions } from '../resolve-mentions/mentions';
import { Services } from '../services/services';
import { ObjectName, toObjectRef } from '../validate/object-name';
import { code, parse } from '../validate/parse';
import {
  type CommentAnswer,
  CommentRequest,
  type CommentsAnswer,
  DescribeCommenting,
  DescribeComments,
} from './describe-comments';

const OrderRequest = z.object({ order: z.enum(COMMENT_ORDERS, code('ORDER_INVALID')).optional() });

@Controller('objects')
export class CommentsController {
  constructor(
    private readonly commands: Commands,
    private readonly services: Services,
    private readonly mentions: Mentions,
  ) {}

  @Post(':object/comments')
  @HttpCode(200)
  @RouteConfig({ subjectIn: 'path' })
  @DescribeCommenting()
  async comment(
    @CurrentCaller() { user: actor }: Caller,
    @Param('object') name: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommentAnswer> {
    const { content, reply_to } = parse(CommentRequest, body);
    const root = toObjectRef(parse(ObjectName, name), POSTED_TYPES);
    const mentions = await this.mentions.resolve(content);
    const command: CommentCommand = { actor, root, content, mentions, replyTo: reply_to ?? undefined };
    const { objectId } = await this.commands.send(CommentOnObject, command, reply);
    return { type: 'comment', object_id: objectId, message: 'Activity recorded' };
  }

  @Get(':object/comments')
  @RouteConfig({ subjectIn: 'path' })
  @DescribeComments()
  async comments(
    @CurrentCaller() { user }: Caller,
    @Param('object') name: string,
    @Req() request: FastifyRequest,
  ): Promise<CommentsAnswer> {
    const object = toObjectRef(parse(ObjectName, name));
    const { order } = parse(OrderRequest, request.query);
    const { limit, cursor } = request.query as Record<string, unknown>;
    const page = readPageRequest(`/objects/${objectName(object)}/comments`, { limit, cursor }, { order });
    // Only validated: the activity service records comments itself, so every write is visible there.
    readTokens(request.headers[TOKEN_HEADER]);
    const query = {
      object,
      reader: user.id,
      order: order ?? 'oldest',
      limit: page.limit,
      cursor: page.cursor,
    } as const;
    const { comments, next } = await this.services.ask(FindComments, query);
    return { comments, next_url: next === undefined ? '' : page.nextUrl + next };
  }
}
