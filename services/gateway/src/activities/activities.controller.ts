import { definitionOfVerb, OBJECT_COMMANDS, OBJECT_VERBS } from '@activity-feed/contracts';
import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { type Caller, CurrentCaller } from '../authenticate/caller';
import { Commands } from '../commands/commands';
import { DescribeRoute } from '../openapi/describe-route';
import { TOKEN_DESCRIPTION } from '../read-own-writes/token-description';
import { ObjectName, toObjectRef } from '../validate/object-name';
import { code, parse } from '../validate/parse';

const ActivityRequest = z.object(
  {
    verb: z.enum(OBJECT_VERBS, code('VERB_INVALID')),
    object: ObjectName,
  },
  code('BAD_REQUEST'),
);

const ActivityAnswer = z.object({
  verb: z.enum(OBJECT_VERBS),
  message: z.enum(['Activity recorded', 'Already liked']),
});

@Controller('activity')
export class ActivitiesController {
  constructor(private readonly commands: Commands) {}

  @Post()
  @HttpCode(200)
  @DescribeRoute({
    summary: 'Act on an object',
    description: 'Liking an object again records nothing. Every other verb is recorded each time.',
    security: 'key',
    body: { schema: ActivityRequest, examples: { like: { verb: 'like', object: 'photo:21' } } },
    answer: {
      schema: ActivityAnswer,
      example: { verb: 'like', message: 'Activity recorded' },
      headers: TOKEN_DESCRIPTION,
    },
    errors: ['VERB_INVALID', 'OBJECT_NAME_TOO_LONG', 'OBJECT_FORMAT_INVALID', 'OBJECT_NOT_FOUND'],
  })
  async record(
    @CurrentCaller() { user: actor }: Caller,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof ActivityAnswer>> {
    const { verb, object } = parse(ActivityRequest, body);
    const command = { actor, object: toObjectRef(object, definitionOfVerb(verb).objectTypes) };
    const { outcome } = await this.commands.send(OBJECT_COMMANDS[verb], command, reply);
    return { verb, message: outcome === 'recorded' ? 'Activity recorded' : 'Already liked' };
  }
}
