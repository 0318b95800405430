import { FollowUser, UnfollowUser, type User, type Written } from '@activity-feed/contracts';
import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { type Caller, CurrentCaller } from '../authenticate/caller';
import { Commands } from '../commands/commands';
import { DescribeRoute } from '../openapi/describe-route';
import { TOKEN_DESCRIPTION } from '../read-own-writes/token-description';
import { code, parse } from '../validate/parse';
import { nameInBody, toUserName } from '../validate/user-name';

const FollowRequest = z.object({ follow: nameInBody }, code('BAD_REQUEST'));
const UnfollowRequest = z.object({ unfollow: nameInBody }, code('BAD_REQUEST'));

const FollowAnswer = z.object({
  verb: z.enum(['follow', 'unfollow']),
  message: z.enum([
    'User followed',
    'Already followed',
    'Follow requested',
    'Already requested',
    'User unfollowed',
    'Not followed',
    'Request withdrawn',
  ]),
});
type FollowAnswer = z.infer<typeof FollowAnswer>;

const MESSAGES = {
  follow: { recorded: 'User followed', unchanged: 'Already followed' },
  unfollow: { recorded: 'User unfollowed', unchanged: 'Not followed' },
} as const;
const MESSAGES_OF_REQUESTS = {
  follow: { recorded: 'Follow requested', unchanged: 'Already requested' },
  unfollow: { recorded: 'Request withdrawn', unchanged: 'Not followed' },
} as const;

const answerOf = (verb: FollowAnswer['verb'], { outcome, request }: Written & { request?: true }): FollowAnswer => ({
  verb,
  message: (request ? MESSAGES_OF_REQUESTS : MESSAGES)[verb][outcome],
});

@Controller()
export class FollowsController {
  constructor(private readonly commands: Commands) {}

  @Post('follow')
  @HttpCode(200)
  @DescribeRoute({
    summary: 'Follow a user',
    description:
      'If the user’s account is private, it makes a request, which the user accepts or declines. With `unfollow` instead ' +
      'of `follow` it does the same as /unfollow. The number of users that one can follow, requests included, is a setting ' +
      'of the system, 10,000 by default.',
    security: 'key',
    body: {
      schema: z.union([FollowRequest, UnfollowRequest]),
      examples: { follow: { follow: 'nico' }, unfollow: { unfollow: 'nico' } },
    },
    answer: { schema: FollowAnswer, example: { verb: 'follow', message: 'User followed' }, headers: TOKEN_DESCRIPTION },
    errors: ['USER_MISSING', 'USER_NOT_FOUND', 'CANNOT_FOLLOW_SELF', 'CANNOT_UNFOLLOW_SELF', 'FOLLOW_LIMIT_REACHED'],
  })
  follow(
    @CurrentCaller() { user }: Caller,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FollowAnswer> {
    if (asksToUnfollow(body)) return this.stopFollowing(user, body, reply);
    return this.startFollowing(user, body, reply);
  }

  @Post('unfollow')
  @HttpCode(200)
  @DescribeRoute({
    summary: 'Unfollow a user, or withdraw a request to follow',
    security: 'key',
    body: { schema: UnfollowRequest, examples: { unfollow: { unfollow: 'nico' } } },
    answer: {
      schema: FollowAnswer,
      example: { verb: 'unfollow', message: 'User unfollowed' },
      headers: TOKEN_DESCRIPTION,
    },
    errors: ['USER_MISSING', 'USER_NOT_FOUND', 'CANNOT_UNFOLLOW_SELF'],
  })
  unfollow(
    @CurrentCaller() { user }: Caller,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FollowAnswer> {
    return this.stopFollowing(user, body, reply);
  }

  private async startFollowing(actor: User, body: unknown, reply: FastifyReply): Promise<FollowAnswer> {
    const command = { actor, name: toUserName(parse(FollowRequest, body).follow) };
    return answerOf('follow', await this.commands.send(FollowUser, command, reply));
  }

  private async stopFollowing(actor: User, body: unknown, reply: FastifyReply): Promise<FollowAnswer> {
    const command = { actor, name: toUserName(parse(UnfollowRequest, body).unfollow) };
    return answerOf('unfollow', await this.commands.send(UnfollowUser, command, reply));
  }
}

function asksToUnfollow(body: unknown): boolean {
  const { follow, unfollow } = (body ?? {}) as { follow?: unknown; unfollow?: unknown };
  return (follow ?? null) === null && (unfollow ?? null) !== null;
}
