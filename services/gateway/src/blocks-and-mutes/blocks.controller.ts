import {
  BlockUser,
  type Message,
  UnblockUser,
  type User,
  type UserCommand,
  type WriteAnswer,
} from '@activity-feed/contracts';
import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Caller, CurrentCaller } from '../authenticate/caller';
import { Commands } from '../commands/commands';
import { code, parse } from '../validate/parse';
import { nameInBody, toUserName } from '../validate/user-name';
import { answerOf, type ChangeAnswer, DescribeChange } from './describe-change';
import { DescribeHidden, type HiddenAnswer } from './describe-hidden';
import { HiddenUsers } from './hidden-users';

const BlockRequest = z.object({ block: nameInBody }, code('BAD_REQUEST'));
const UnblockRequest = z.object({ unblock: nameInBody }, code('BAD_REQUEST'));

@Controller()
export class BlocksController {
  constructor(
    private readonly commands: Commands,
    private readonly hidden: HiddenUsers,
  ) {}

  @Post('block')
  @HttpCode(200)
  @DescribeChange({
    verb: 'block',
    summary: 'Block a user',
    description:
      'Neither sees any longer what the other did or has, nor the other’s profile; everybody else sees both. Both stop ' +
      'following each other. The blocked user is not notified. The caller still finds the name, with `you_block`. A user ' +
      'can block and mute 10,000 users.',
    schema: BlockRequest,
    examples: { block: { block: 'nico' } },
    errors: ['CANNOT_BLOCK_SELF', 'BLOCK_LIMIT_REACHED'],
  })
  block(
    @CurrentCaller() { user }: Caller,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangeAnswer> {
    return this.change('block', BlockUser, parse(BlockRequest, body).block, user, reply);
  }

  @Post('unblock')
  @HttpCode(200)
  @DescribeChange({
    verb: 'unblock',
    summary: 'Unblock a user',
    description: 'Both see each other again, and what happened meanwhile. Follows that the block ended stay ended.',
    schema: UnblockRequest,
    examples: { unblock: { unblock: 'nico' } },
    errors: ['CANNOT_BLOCK_SELF'],
  })
  unblock(
    @CurrentCaller() { user }: Caller,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangeAnswer> {
    return this.change('unblock', UnblockUser, parse(UnblockRequest, body).unblock, user, reply);
  }

  @Get('me/blocks')
  @DescribeHidden('blocks')
  blocks(@CurrentCaller() { user }: Caller, @Req() request: FastifyRequest): Promise<HiddenAnswer> {
    return this.hidden.page('blocks', user, request);
  }

  private async change(
    verb: 'block' | 'unblock',
    message: Message<UserCommand, WriteAnswer>,
    name: string,
    actor: User,
    reply: FastifyReply,
  ): Promise<ChangeAnswer> {
    const { outcome } = await this.commands.send(message, { actor, name: toUserName(name) }, reply);
    return answerOf(verb, outcome);
  }
}
