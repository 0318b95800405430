import {
  type Answer,
  type Engagement,
  FindLikes,
  FindObject,
  FindShares,
  type ListPage,
  type ListQuery,
  type Message,
  type ObjectList,
  objectName,
} from '@activity-feed/contracts';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../authenticate/caller';
import { FeedReads } from '../feeds/feed-reads';
import { readPageRequest } from '../feeds/page-request';
import { readTokens, TOKEN_HEADER } from '../read-own-writes/consistency';
import { Services } from '../services/services';
import { ObjectName, toObjectRef } from '../validate/object-name';
import { parse } from '../validate/parse';
import { DescribeList, type ListAnswers } from './describe-list';
import { DescribeObject, type ObjectAnswer } from './describe-object';

@Controller('objects')
export class ObjectsController {
  constructor(
    private readonly services: Services,
    private readonly feed: FeedReads,
  ) {}

  @Get(':object')
  @RouteConfig({ subjectIn: 'path' })
  @DescribeObject()
  async object(
    @Param('object') name: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ObjectAnswer> {
    const object = toObjectRef(parse(ObjectName, name));
    const { user } = callerOf(request);
    const [engagement, found] = await Promise.all([
      this.feed.read('engagement', { object }, request, reply),
      this.services.ask(FindObject, { object, reader: user.id }),
    ]);
    return {
      object_type: object.type,
      object_id: object.id,
      owner_name: found.owner.name,
      content: found.content,
      created_at: found.createdAt,
      edited_at: found.editedAt,
      ...(JSON.parse(engagement) as Engagement),
      liked: found.liked,
      shared: found.shared,
    };
  }

  @Get(':object/likes')
  @RouteConfig({ subjectIn: 'path' })
  @DescribeList('likes')
  likes(@Param('object') name: string, @Req() request: FastifyRequest): Promise<ListAnswers['likes']> {
    return this.list('likes', FindLikes, name, request);
  }

  @Get(':object/shares')
  @RouteConfig({ subjectIn: 'path' })
  @DescribeList('shares')
  shares(@Param('object') name: string, @Req() request: FastifyRequest): Promise<ListAnswers['shares']> {
    return this.list('shares', FindShares, name, request);
  }

  private async list<List extends ObjectList>(
    list: List,
    message: Message<ListQuery, Answer<ListPage<List>>>,
    name: string,
    request: FastifyRequest,
  ) {
    const object = toObjectRef(parse(ObjectName, name));
    const { limit, cursor } = request.query as Record<string, unknown>;
    const page = readPageRequest(`/objects/${objectName(object)}/${list}`, { limit, cursor });
    // Only validated: the activity service records likes and shares itself, so every write is visible there.
    readTokens(request.headers[TOKEN_HEADER]);
    const { next, ...entries } = await this.services.ask(message, { object, limit: page.limit, cursor: page.cursor });
    return { ...entries, next_url: next === undefined ? '' : page.nextUrl + next };
  }
}
