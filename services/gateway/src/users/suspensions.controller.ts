import {
  type Answer,
  type By,
  type Message,
  ReinstateUser,
  SuspendUser,
  type SuspensionCommand,
  type UserId,
  type Written,
} from '@activity-feed/contracts';
import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { Commands } from '../commands/commands';
import { parse } from '../validate/parse';
import { toUserName } from '../validate/user-name';
import { DescribeSuspension, messageOf, type SuspensionAnswer, SuspensionRequest } from './describe-suspensions';

/** Suspends and reinstates users, for operators. */
@Controller('users')
export class SuspensionsController {
  constructor(private readonly commands: Commands) {}

  @Post(':name/suspend')
  @HttpCode(200)
  @RouteConfig({ subjectIn: 'path', access: 'admin' })
  @DescribeSuspension('suspend')
  suspend(
    @Param('name') name: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SuspensionAnswer> {
    return this.change('suspend', SuspendUser, name, body, reply);
  }

  @Post(':name/reinstate')
  @HttpCode(200)
  @RouteConfig({ subjectIn: 'path', access: 'admin' })
  @DescribeSuspension('reinstate')
  reinstate(
    @Param('name') name: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SuspensionAnswer> {
    return this.change('reinstate', ReinstateUser, name, body, reply);
  }

  private async change(
    verb: 'suspend' | 'reinstate',
    message: Message<SuspensionCommand, Answer<Written & { user: UserId }>>,
    text: string,
    body: unknown,
    reply: FastifyReply,
  ): Promise<SuspensionAnswer> {
    parse(SuspensionRequest, body);
    const name = toUserName(text);
    const { outcome } = await this.commands.send(message, { name, by: 'admin' as By }, reply);
    return { name, message: messageOf(verb, outcome) };
  }
}
