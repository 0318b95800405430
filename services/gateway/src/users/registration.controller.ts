import { EventTime, NEW_USER_NAME, RegisterUser, UserName } from '@activity-feed/contracts';
import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Identities } from '../authenticate/identities';
import { Commands } from '../commands/commands';
import { DescribeRoute } from '../openapi/describe-route';
import { TOKEN_DESCRIPTION } from '../read-own-writes/token-description';
import { code, parse } from '../validate/parse';

const RegisterRequest = z.object(
  { name: z.string(code('NAME_INVALID')).regex(NEW_USER_NAME, code('NAME_INVALID')) },
  code('BAD_REQUEST'),
);

const RegisterAnswer = z.object({
  id: z.int(),
  name: UserName,
  auth_token: z.string().describe('The key; this is the only time it is shown'),
  created_at: EventTime,
});

@Controller('users')
export class RegistrationController {
  constructor(
    private readonly commands: Commands,
    private readonly identities: Identities,
  ) {}

  @Post()
  @HttpCode(201)
  @RouteConfig({ access: 'admin' })
  @DescribeRoute({
    summary: 'Register a user',
    security: 'admin-key',
    body: { schema: RegisterRequest, examples: { user: { name: 'olga' } } },
    answer: {
      status: 201,
      schema: RegisterAnswer,
      example: {
        id: 4,
        name: 'olga',
        auth_token: 'afs_9mZ3Qk0u6v4T0y7s2w9x1A5B8C3D6E9F2G5H8I1J4K719CT9G',
        created_at: '2019-02-10T12:01:30.894037+00:00',
      },
      headers: TOKEN_DESCRIPTION,
    },
    errors: ['NAME_INVALID', 'NAME_TAKEN'],
  })
  async register(
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof RegisterAnswer>> {
    const { name } = parse(RegisterRequest, body);
    const user = await this.commands.send(RegisterUser, { name }, reply);
    this.identities.issued(user.authToken);
    return { id: user.id, name, auth_token: user.authToken, created_at: user.createdAt };
  }
}
