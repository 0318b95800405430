import {
  definitionOfVerb,
  type ErrorCode,
  OBJECT_COMMANDS,
  OBJECT_VERBS,
  type ObjectCommand,
  type ObjectVerb,
  UNDO_COMMANDS,
  UNDO_VERBS,
  type UndoCommand,
  type UndoVerb,
  undoneBy,
  type Written,
} from '@activity-feed/contracts';
import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { type Caller, CurrentCaller } from '../authenticate/caller';
import { Commands } from '../commands/commands';
import { ApiError } from '../error-answers/api-error';
import { DescribeRoute } from '../openapi/describe-route';
import { TOKEN_DESCRIPTION } from '../read-own-writes/token-description';
import { ObjectName, toObjectRef } from '../validate/object-name';
import { code, parse } from '../validate/parse';
import { VisibleObjects } from '../visibility/visible-objects';
import { EVERY_MESSAGE, messageOf } from './messages';

const VERBS = [...OBJECT_VERBS, ...UNDO_VERBS] as const;
type Verb = (typeof VERBS)[number];

const ActivityRequest = z.object(
  {
    verb: z.enum(VERBS, code('VERB_INVALID')),
    object: ObjectName,
  },
  code('BAD_REQUEST'),
);

const ActivityAnswer = z.object({
  verb: z.enum(VERBS),
  message: z.enum(EVERY_MESSAGE),
});

@Controller('activity')
export class ActivitiesController {
  constructor(
    private readonly commands: Commands,
    private readonly visible: VisibleObjects,
  ) {}

  @Post()
  @HttpCode(200)
  @DescribeRoute({
    summary: 'Act on an object',
    description:
      'Liking an object again records nothing; a share is recorded each time. `unlike` takes back the caller’s like, ' +
      '`unshare` all their shares of the object: they disappear from every feed, group, summary, trend, count and list. ' +
      'If there is nothing to take back, nothing is recorded.',
    security: 'key',
    body: {
      schema: ActivityRequest,
      examples: {
        like: { verb: 'like', object: 'photo:21' },
        unlike: { verb: 'unlike', object: 'photo:21' },
      },
    },
    answer: {
      schema: ActivityAnswer,
      examples: {
        like: { verb: 'like', message: 'Activity recorded' },
        unlike: { verb: 'unlike', message: 'Like removed' },
      },
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
    const { objectTypes } = definitionOfVerb(isUndo(verb) ? undoneBy(verb) : verb);
    const command = { actor, object: toObjectRef(object, objectTypes) };
    const outcome = await (isUndo(verb) ? this.undo(verb, command, reply) : this.act(verb, command, reply));
    return { verb, message: messageOf(verb, outcome) };
  }

  private async act(verb: ObjectVerb, command: ObjectCommand, reply: FastifyReply): Promise<Written['outcome']> {
    const unlessHidden = async () => {
      await this.visible.assertVisible(command.actor, command.object);
      return command;
    };
    return (await this.commands.send(OBJECT_COMMANDS[verb], unlessHidden, reply)).outcome;
  }

  /** What exists can be taken back, also from a hidden object. */
  private async undo(verb: UndoVerb, command: ObjectCommand, reply: FastifyReply): Promise<Written['outcome']> {
    const { actor, object } = command;
    if (reply.request.idempotencyKey === null) {
      const { outcome } = await this.commands.send(UNDO_COMMANDS[verb], command, reply);
      if (outcome === 'unchanged') await this.visible.assertFound(actor, object);
      return outcome;
    }
    // Asked first: that there was nothing is kept for repeats only if the caller may know it.
    const withError = async (): Promise<UndoCommand> => ({ ...command, ifNothing: await this.errorIfHidden(command) });
    return (await this.commands.send(UNDO_COMMANDS[verb], withError, reply)).outcome;
  }

  private async errorIfHidden({ actor, object }: ObjectCommand): Promise<ErrorCode | undefined> {
    try {
      await this.visible.assertFound(actor, object);
      return undefined;
    } catch (error) {
      if (error instanceof ApiError) return error.code;
      throw error;
    }
  }
}

const isUndo = (verb: Verb): verb is UndoVerb => (UNDO_VERBS as readonly string[]).includes(verb);
