import { writeAnswer } from '@activity-feed/backend';
import {
  type NewEvent,
  OBJECT_COMMANDS,
  OBJECT_VERBS,
  type ObjectCommand,
  type ObjectVerb,
  objectName,
  type User,
  type UserId,
  type WriteAnswer,
} from '@activity-feed/contracts';
import { type CarriedOut, type CommandKind, carryOut, EventStore } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload, type TcpContext } from '@nestjs/microservices';
import { findOwners } from '../find-object/find-owner';
import { KnownObjects } from '../find-object/known-objects';
import { decideActOnObject } from './act-on-object.decide';

/** Verbs whose decision needs state; each has its own handler. */
const STATEFUL: readonly ObjectVerb[] = ['like'];
type ActOnStream = ObjectCommand & { stream: UserId };

const actOnObject = (verb: ObjectVerb): CommandKind<ActOnStream, User | undefined, NewEvent> => ({
  name: OBJECT_COMMANDS[verb].pattern,
  facts: (tx, commands) =>
    findOwners(
      tx,
      commands.map(({ object }) => object),
    ),
  decide: (owner, { actor, object }) => decideActOnObject(owner, verb, actor, object),
  project: () => undefined,
});

const KIND_OF_PATTERN = new Map(
  OBJECT_VERBS.filter((verb) => !STATEFUL.includes(verb))
    .map(actOnObject)
    .map((kind) => [kind.name, kind]),
);

/** Records the verbs about an object whose decision needs no state. A trigger on events adds the rows of shares. */
@Controller()
export class ActOnObjectHandler {
  constructor(
    private readonly events: EventStore,
    private readonly knownObjects: KnownObjects,
  ) {}

  @MessagePattern([...KIND_OF_PATTERN.keys()])
  async handle(
    @Payload() command: ObjectCommand,
    @Ctx() context: Pick<TcpContext, 'getPattern'>,
  ): Promise<WriteAnswer> {
    const kind = KIND_OF_PATTERN.get(context.getPattern()) as ReturnType<typeof actOnObject>;
    const { actor, object } = command;
    const isKnown = () => this.knownObjects.orCode(objectName(object), 'OBJECT_NOT_FOUND');
    const answerOf = (outcome: CarriedOut<unknown>) => writeAnswer('activity', actor.id, outcome);
    return carryOut(this.events, kind, { ...command, stream: actor.id }, answerOf, isKnown);
  }
}
