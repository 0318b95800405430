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
import { DescribeList, type ListAnswers } from './describe-list';
import { DescribeObject, DescribeObjects, type ObjectsAnswer } from './describe-object';

@Controller('objects')
export class ObjectsController {
  constructor(
    private readonly services: Services,
    private readonly reads: ObjectReads,
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
    return this.reads.one(toObjectRef(parse(ObjectName, name)), request, reply);
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
    const reader = callerOf(request).user.id;
    const query = { object, reader, limit: page.limit, cursor: page.cursor };
    const { next, ...entries } = await this.services.ask(message, query);
    return { ...entries, next_url: next === undefined ? '' : page.nextUrl + next };
  }
}
