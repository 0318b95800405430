import { FindFollows, FindNames, FindProfile, type FollowList, UserName } from '@activity-feed/contracts';
import { Controller, Get, Param, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Caller, CurrentCaller } from '../authenticate/caller';
import { readPageRequest } from '../read-feed/page-request';
import { readTokens, TOKEN_HEADER } from '../read-own-writes/consistency';
import { Services } from '../services/services';
import { code, parse } from '../validate/parse';
import { foldCase, toUserName } from '../validate/user-name';
import {
  DescribeFollows,
  DescribeNames,
  DescribeProfile,
  type FollowsAnswer,
  type NamesAnswer,
  type ProfileAnswer,
} from './describe-users';

const NamesRequest = z.object({ prefix: z.string(code('PREFIX_INVALID')).min(1, code('PREFIX_INVALID')) });

/** Users as others see them. Every answer comes from social-graph, which records follows itself: none is ever behind. */
@Controller('users')
export class UsersController {
  constructor(private readonly services: Services) {}

  @Get()
  @DescribeNames()
  async names(@CurrentCaller() { user: reader }: Caller, @Req() request: FastifyRequest): Promise<NamesAnswer> {
    const prefix = foldCase(parse(NamesRequest, request.query).prefix);
    const { limit, cursor, nextUrl } = pageOf('/users', request, { prefix });
    // No name begins with it, and it may need escaping in the URL of the next page.
    if (!UserName.safeParse(prefix).success) return { users: [], next_url: '' };
    const { names, next } = await this.services.ask(FindNames, { prefix, reader: reader.id, limit, cursor });
    return { users: names.map((name) => ({ name })), next_url: next === undefined ? '' : nextUrl + next };
  }

  @Get(':name')
  @RouteConfig({ subjectIn: 'path' })
  @DescribeProfile()
  async profile(
    @CurrentCaller() { user: reader }: Caller,
    @Param('name') text: string,
    @Req() request: FastifyRequest,
  ): Promise<ProfileAnswer> {
    const name = toUserName(text);
    checkTokens(request);
    const profile = await this.services.ask(FindProfile, { name, reader: reader.id });
    if (profile.isBlocked) return { name: profile.user.name, you_block: true };
    return {
      name: profile.user.name,
      created_at: profile.createdAt,
      followers: profile.followers,
      following: profile.following,
      private: profile.isPrivate ?? false,
      you_follow: profile.isFollowed,
      follows_you: profile.isFollower,
      requested: profile.isRequested ?? false,
      you_mute: profile.mutes.all,
      you_mute_shares: profile.mutes.shares,
      you_block: false,
    };
  }

  @Get(':name/followers')
  @RouteConfig({ subjectIn: 'path' })
  @DescribeFollows('followers')
  followers(
    @CurrentCaller() caller: Caller,
    @Param('name') name: string,
    @Req() request: FastifyRequest,
  ): Promise<FollowsAnswer> {
    return this.list('followers', name, caller, request);
  }

  @Get(':name/following')
  @RouteConfig({ subjectIn: 'path' })
  @DescribeFollows('following')
  following(
    @CurrentCaller() caller: Caller,
    @Param('name') name: string,
    @Req() request: FastifyRequest,
  ): Promise<FollowsAnswer> {
    return this.list('following', name, caller, request);
  }

  private async list(
    list: FollowList,
    text: string,
    { user: reader }: Caller,
    request: FastifyRequest,
  ): Promise<FollowsAnswer> {
    const name = toUserName(text);
    const { limit, cursor, nextUrl } = pageOf(`/users/${name}/${list}`, request);
    const query = { list, name, reader: reader.id, limit, cursor };
    const { users, next } = await this.services.ask(FindFollows, query);
    return { users, next_url: next === undefined ? '' : nextUrl + next };
  }
}

function pageOf(path: string, request: FastifyRequest, more: Record<string, string> = {}) {
  const { limit, cursor } = request.query as Record<string, unknown>;
  const page = readPageRequest(path, { limit, cursor }, more);
  checkTokens(request);
  return page;
}

/** Tokens are only validated. */
const checkTokens = ({ headers }: FastifyRequest) => readTokens(headers[TOKEN_HEADER]);
