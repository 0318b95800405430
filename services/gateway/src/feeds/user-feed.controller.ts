import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { KnownUsers } from '../find-users/known-users';
import { byGroup } from '../limit-rates/rate-class';
import { readPageRequest } from '../read-feed/page-request';
import { readTokens, TOKEN_HEADER } from '../read-own-writes/consistency';
import { toUserName } from '../validate/user-name';
import { Visibility } from '../visibility/visibility';
import { DescribeFeed } from './describe-feed';
import { FeedPages } from './feed-pages';

@Controller('users')
export class UserFeedController {
  constructor(
    private readonly users: KnownUsers,
    private readonly pages: FeedPages,
    private readonly visibility: Visibility,
  ) {}

  @Get(':name/feed')
  @RouteConfig({ subjectIn: 'path', rateClass: byGroup })
  @DescribeFeed('The activities of a user, newest first', 'user')
  async feed(@Param('name') text: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const name = toUserName(text);
    const page = readPageRequest(`/users/${name}/feed`, request.query);
    readTokens(request.headers[TOKEN_HEADER]);
    const user = (await this.users.named([name])).get(name);
    const begun = performance.now();
    // Also for nobody, and before the page: a hidden user is answered like nobody.
    const appearances = await this.visibility.of(user ? [user.id] : [], request, reply, begun);
    if (!user || appearances.denies(user.id)) throw appearances.notFound('USER_NOT_FOUND');
    return this.pages.send({ feed: 'user', of: user.id }, page, request, reply, begun);
  }
}
