import { type MuteCommand, MuteUser, type UnmuteCommand, UnmuteUser } from '@activity-feed/contracts';
import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Caller, CurrentCaller } from '../authenticate/caller';
import { Commands } from '../commands/commands';
import { assertInFuture, timeInBody } from '../validate/future-time';
import { code, parse } from '../validate/parse';
import { nameInBody, toUserName } from '../validate/user-name';
import { answerOf, type ChangeAnswer, DescribeChange } from './describe-change';
import { DescribeHidden, type HiddenAnswer } from './describe-hidden';
import { HiddenUsers } from './hidden-users';

const only = z
  .literal('shares', code('ONLY_INVALID'))
  .nullish()
  .describe('Mutes only what the user shares; both mutes are independent of each other');
const MuteRequest = z.object(
  {
    mute: nameInBody,
    only,
    until: timeInBody('UNTIL_INVALID').nullish().describe('When the mute ends; without it, when the user is unmuted'),
  },
  code('BAD_REQUEST'),
);
const UnmuteRequest = z.object({ unmute: nameInBody, only }, code('BAD_REQUEST'));

@Controller()
export class MutesController {
  constructor(
    private readonly commands: Commands,
    private readonly hidden: HiddenUsers,
  ) {}

  @Post('mute')
  @HttpCode(200)
  @DescribeChange({
    verb: 'mute',
    summary: 'Mute a user',
    description:
      'What the user does, and what others do with something of the user, no longer appears unasked: it is left out of ' +
      'the friends feed and of trends. The caller still sees it when looking at the user or at the object, marked as ' +
      'muted. Nothing is deleted: without the mute, everything reappears in its place. The muted user is not notified. ' +
      'Muting again changes when the mute ends.',
    schema: MuteRequest,
    examples: {
      mute: { mute: 'nico' },
      'only shares, for a time': { mute: 'nico', only: 'shares', until: '2039-02-10T12:00:00Z' },
    },
    errors: ['ONLY_INVALID', 'UNTIL_INVALID', 'CANNOT_MUTE_SELF', 'BLOCK_LIMIT_REACHED'],
  })
  async mute(
    @CurrentCaller() { user: actor }: Caller,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangeAnswer> {
    const { mute, only: what, until = null } = parse(MuteRequest, body);
    const prepare = (): MuteCommand => {
      assertInFuture(until, 'UNTIL_INVALID');
      return { actor, name: toUserName(mute), only: what ?? null, until };
    };
    const { outcome } = await this.commands.send(MuteUser, prepare, reply);
    return answerOf('mute', outcome);
  }

  @Post('unmute')
  @HttpCode(200)
  @DescribeChange({
    verb: 'unmute',
    summary: 'Unmute a user',
    schema: UnmuteRequest,
    examples: { unmute: { unmute: 'nico' }, 'only shares': { unmute: 'nico', only: 'shares' } },
    errors: ['ONLY_INVALID', 'CANNOT_MUTE_SELF'],
  })
  async unmute(
    @CurrentCaller() { user: actor }: Caller,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangeAnswer> {
    const { unmute, only: what } = parse(UnmuteRequest, body);
    const command: UnmuteCommand = { actor, name: toUserName(unmute), only: what ?? null };
    const { outcome } = await this.commands.send(UnmuteUser, command, reply);
    return answerOf('unmute', outcome);
  }

  @Get('me/mutes')
  @DescribeHidden('mutes')
  mutes(@CurrentCaller() { user }: Caller, @Req() request: FastifyRequest): Promise<HiddenAnswer> {
    return this.hidden.page('mutes', user, request);
  }
}
