import {
  AcceptRequest,
  DeclineRequest,
  FindRequests,
  type Message,
  type RequestList,
  type User,
  type UserCommand,
  type WriteAnswer,
} from '@activity-feed/contracts';
import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, CurrentCaller } from '../authenticate/caller';
import { Commands } from '../commands/commands';
import { readPageRequest } from '../read-feed/page-request';
import { readTokens, TOKEN_HEADER } from '../read-own-writes/consistency';
import { Services } from '../services/services';
import { parse } from '../validate/parse';
import { toUserName } from '../validate/user-name';
import {
  AcceptBody,
  answerOf,
  DeclineBody,
  DescribeAnswer,
  DescribeRequests,
  type RequestAnswer,
  type RequestsAnswer,
} from './describe-requests';

/** Requests to follow private accounts. */
@Controller()
export class RequestsController {
  constructor(
    private readonly commands: Commands,
    private readonly services: Services,
  ) {}

  @Post('requests/accept')
  @HttpCode(200)
  @DescribeAnswer('accept')
  accept(
    @CurrentCaller() { user }: Caller,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RequestAnswer> {
    return this.answer('accept', AcceptRequest, parse(AcceptBody, body).accept, user, reply);
  }

  @Post('requests/decline')
  @HttpCode(200)
  @DescribeAnswer('decline')
  decline(
    @CurrentCaller() { user }: Caller,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RequestAnswer> {
    return this.answer('decline', DeclineRequest, parse(DeclineBody, body).decline, user, reply);
  }

  @Get('me/requests')
  @DescribeRequests('requests')
  requests(@CurrentCaller() { user }: Caller, @Req() request: FastifyRequest): Promise<RequestsAnswer> {
    return this.page('requests', user, request);
  }

  @Get('me/requested')
  @DescribeRequests('requested')
  requested(@CurrentCaller() { user }: Caller, @Req() request: FastifyRequest): Promise<RequestsAnswer> {
    return this.page('requested', user, request);
  }

  private async answer(
    verb: 'accept' | 'decline',
    message: Message<UserCommand, WriteAnswer>,
    name: string,
    actor: User,
    reply: FastifyReply,
  ): Promise<RequestAnswer> {
    const { outcome } = await this.commands.send(message, { actor, name: toUserName(name) }, reply);
    return answerOf(verb, outcome);
  }

  private async page(
    list: RequestList,
    { id: reader }: User,
    { query, headers }: FastifyRequest,
  ): Promise<RequestsAnswer> {
    const { limit: count, cursor: after } = query as Record<string, unknown>;
    const { limit, cursor, nextUrl } = readPageRequest(`/me/${list}`, { limit: count, cursor: after });
    // Only validated: social-graph records requests itself, so every write is visible there.
    readTokens(headers[TOKEN_HEADER]);
    const { users, next } = await this.services.ask(FindRequests, { list, reader, limit, cursor });
    return { users, next_url: next === undefined ? '' : nextUrl + next };
  }
}
