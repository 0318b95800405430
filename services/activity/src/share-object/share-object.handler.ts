import { writeAnswer } from '@activity-feed/backend';
import {
  type NewEvent,
  type ObjectCommand,
  objectName,
  ShareObject,
  type User,
  type UserId,
  type WriteAnswer,
} from '@activity-feed/contracts';
import { type CommandKind, EventStore } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { findOwners } from '../find-object/find-owner';
import { KnownObjects } from '../find-object/known-objects';
import { decideShare } from './share-object.decide';

type ShareOnStream = ObjectCommand & { stream: UserId };

const shareObject: CommandKind<ShareOnStream, User | undefined, NewEvent<'activity.object-shared.v1'>> = {
  facts: (tx, commands) =>
    findOwners(
      tx,
      commands.map(({ object }) => object),
    ),
  decide: (owner, { actor, object }) => decideShare(owner, actor, object),
  // Shares have no state of their own to keep.
  project: () => undefined,
};

@Controller()
export class ShareObjectHandler {
  constructor(
    private readonly events: EventStore,
    private readonly knownObjects: KnownObjects,
  ) {}

  @MessagePattern(ShareObject.pattern)
  async handle(command: ObjectCommand): Promise<WriteAnswer> {
    const { actor, object } = command;
    const isKnown = () => this.knownObjects.orCode(objectName(object), 'OBJECT_NOT_FOUND');
    const outcome = await this.events.execute(shareObject, { ...command, stream: actor.id }, isKnown);
    return writeAnswer('activity', actor.id, outcome);
  }
}
