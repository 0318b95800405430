import {
  type Answer,
  FindLikes,
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
import { readPageRequest } from '../read-feed/page-request';
import type { ObjectAnswer } from '../read-objects/object-answer';
import { ObjectReads } from '../read-objects/object-reads';
import { readTokens, TOKEN_HEADER } from '../read-own-writes/consistency';
import { Services } from '../services/services';
import { ObjectName, toObjectRef } from '../validate/object-name';
import { readObjectNames } from '../validate/object-names';
import { parse } from '../validate/parse';
import { VisibleLists } from '../visibility/visible-lists';
import { DescribeList, type ListAnswers } from './describe-list';
import { DescribeObject, DescribeObjects, type ObjectsAnswer } from './describe-object';

@Controller('objects')
export class ObjectsController {
  constructor(
    private readonly services: Services,
    private readonly reads: ObjectReads,
    private readonly visible: VisibleLists,
  ) {}

  @Get()
  @DescribeObjects()
  async objects(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ObjectsAnswer> {
    const objects = readObjectNames(request.query);
    // If there is nothing to read, nothing else validates them.
    readTokens(request.headers[TOKEN_HEADER]);
    const found = await this.reads.each(objects, request, reply);
    return { objects: found.filter((object) => object !== null) };
  }

  @Get(':object')
  @RouteConfig({ subjectIn: 'path' })
  @DescribeObject()
  async object(
    @Param('object') name: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ObjectAnswer> {
    const object = toObjectRef(parse(ObjectName, name));
    readTokens(request.headers[TOKEN_HEADER]);
    return this.reads.one(object, request, reply);
  }

  @Get(':object/likes')
  @RouteConfig({ subjectIn: 'path' })
  @DescribeList('likes')
  likes(
    @Param('object') name: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListAnswers['likes']> {
    return this.list('likes', FindLikes, name, request, reply);
  }

  @Get(':object/shares')
  @RouteConfig({ subjectIn: 'path' })
  @DescribeList('shares')
  shares(
    @Param('object') name: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListAnswers['shares']> {
    return this.list('shares', FindShares, name, request, reply);
  }

  private async list<List extends ObjectList>(
    list: List,
    message: Message<ListQuery, Answer<ListPage<List>>>,
    name: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<ListAnswers[List]> {
    const object = toObjectRef(parse(ObjectName, name));
    const { limit, cursor } = request.query as Record<string, unknown>;
    const page = readPageRequest(`/objects/${objectName(object)}/${list}`, { limit, cursor });
    // The activity service records likes and shares itself: tokens matter only to who sees them.
    readTokens(request.headers[TOKEN_HEADER]);
    const reader = callerOf(request).user.id;
    const read = async (limit: number, cursor: string | undefined) => {
      const { next, [list]: entries } = await this.services.ask(message, {
        object,
        reader,
        limit,
        cursor,
        identified: true,
      });
      return { entries, next };
    };
    const { entries, next } = await this.visible.page({ object, list, read }, page, request, reply);
    const shown = entries.map(({ user_id: _, cursor: __, ...entry }) => entry);
    return { [list]: shown, next_url: next === undefined ? '' : page.nextUrl + next } as unknown as ListAnswers[List];
  }
}
