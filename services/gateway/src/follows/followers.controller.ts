import { RemoveFollower } from '@activity-feed/contracts';
import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { type Caller, CurrentCaller } from '../authenticate/caller';
import { Commands } from '../commands/commands';
import { DescribeRoute } from '../openapi/describe-route';
import { TOKEN_DESCRIPTION } from '../read-own-writes/token-description';
import { code, parse } from '../validate/parse';
import { nameInBody, toUserName } from '../validate/user-name';

const RemovalRequest = z.object({ remove: nameInBody }, code('BAD_REQUEST'));
const RemovalAnswer = z.object({ message: z.enum(['Follower removed', 'Not a follower']) });

@Controller('followers')
export class FollowersController {
  constructor(private readonly commands: Commands) {}

  @Post('remove')
  @HttpCode(200)
  @DescribeRoute({
    summary: 'Remove a follower',
    description:
      'The user no longer follows the caller. No feed shows that, and the user is not notified. A block also keeps the user ' +
      'from following again.',
    security: 'key',
    body: { schema: RemovalRequest, examples: { removal: { remove: 'nico' } } },
    answer: { schema: RemovalAnswer, example: { message: 'Follower removed' }, headers: TOKEN_DESCRIPTION },
    errors: ['USER_MISSING', 'USER_NOT_FOUND'],
  })
  async remove(
    @CurrentCaller() { user: actor }: Caller,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof RemovalAnswer>> {
    const command = { actor, name: toUserName(parse(RemovalRequest, body).remove) };
    const { outcome } = await this.commands.send(RemoveFollower, command, reply);
    return { message: outcome === 'recorded' ? 'Follower removed' : 'Not a follower' };
  }
}
