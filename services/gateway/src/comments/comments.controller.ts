import {
  COMMENT_ORDERS,
  type CommentCommand,
  CommentOnObject,
  FindComments,
  type ListedComment,
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
import { VisibleLists } from '../visibility/visible-lists';
import { VisibleObjects } from '../visibility/visible-objects';
import {
  type CommentAnswer,
  CommentRequest,
  type CommentsAnswer,
  DescribeCommenting,
  DescribeComments,
} from './describe-comments';

/** The id of no comment. */
const NO_COMMENT = 0;

const OrderRequest = z.object({ order: z.enum(COMMENT_ORDERS, code('ORDER_INVALID')).optional() });

@Controller('objects')
export class CommentsController {
  constructor(
    private readonly commands: Commands,
    private readonly services: Services,
    private readonly mentions: Mentions,
    private readonly objects: VisibleObjects,
    private readonly visible: VisibleLists,
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
    const prepare = async (): Promise<CommentCommand> => {
      const [hidden, hiddenReply] = await this.objects.hiddenFrom(actor, [
        root,
        ...(reply_to ? [{ type: 'comment' as const, id: reply_to }] : []),
      ]);
      if (hidden) throw hidden;
      if (hiddenReply?.code === 'SERVICE_UNAVAILABLE') throw hiddenReply;
      const mentions = await this.mentions.resolve(content, actor);
      return { actor, root, content, mentions, replyTo: hiddenReply ? NO_COMMENT : (reply_to ?? undefined) };
    };
    const { objectId } = await this.commands.send(CommentOnObject, prepare, reply);
    return { type: 'comment', object_id: objectId, message: 'Activity recorded' };
  }

  @Get(':object/comments')
  @RouteConfig({ subjectIn: 'path' })
  @DescribeComments()
  async comments(
    @CurrentCaller() { user }: Caller,
    @Param('object') name: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommentsAnswer> {
    const object = toObjectRef(parse(ObjectName, name));
    const { order } = parse(OrderRequest, request.query);
    const { limit, cursor } = request.query as Record<string, unknown>;
    const page = readPageRequest(`/objects/${objectName(object)}/comments`, { limit, cursor }, { order });
    // The activity service records comments itself: tokens matter only to who sees them.
    readTokens(request.headers[TOKEN_HEADER]);
    const read = async (limit: number, cursor: string | undefined) => {
      const query = { object, reader: user.id, order: order ?? 'oldest', limit, cursor, identified: true } as const;
      const { comments, next } = await this.services.ask(FindComments, query);
      return { entries: comments, next };
    };
    const { entries, next } = await this.visible.page({ object, list: 'comments', read }, page, request, reply);
    return { comments: entries.map(toAnswer), next_url: next === undefined ? '' : page.nextUrl + next };
  }
}

/** Nothing tells whose a deleted comment was. */
const toAnswer = ({ user_id: _, cursor: __, muted, ...comment }: ListedComment & { muted?: true }) => ({
  ...comment,
  ...(muted && !comment.deleted && { muted }),
});
