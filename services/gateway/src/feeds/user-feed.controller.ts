import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { KnownUsers } from '../find-users/known-users';
import { readPageRequest } from '../read-feed/page-request';
import { toUserName } from '../validate/user-name';
import { DescribeFeed } from './describe-feed';
import { FeedPages } from './feed-pages';

@Controller('users')
export class UserFeedController {
  constructor(
    private readonly users: KnownUsers,
    private readonly pages: FeedPages,
  ) {}

  @Get(':name/feed')
  @RouteConfig({ subjectIn: 'path' })
  @DescribeFeed('The activities of a user, newest first', 'user')
  async feed(@Param('name') text: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const name = toUserName(text);
    const page = readPageRequest(`/users/${name}/feed`, request.query);
    const { id: of } = await this.users.one(name);
    return this.pages.send({ feed: 'user', of }, page, request, reply);
  }
}
