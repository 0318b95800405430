import { writeAnswer } from '@activity-feed/backend';
import { type ObjectCommand, objectName, ShareObject, type WriteAnswer } from '@activity-feed/contracts';
import { EventStore } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { findOwner } from '../find-object/find-owner';
import { KnownObjects } from '../find-object/known-objects';
import { decideShare } from './share-object.decide';

@Controller()
export class ShareObjectHandler {
  constructor(
    private readonly events: EventStore,
    private readonly knownObjects: KnownObjects,
  ) {}

  @MessagePattern(ShareObject.pattern)
  async handle({ actor, object, traceparent }: ObjectCommand): Promise<WriteAnswer> {
    if (!(await this.knownObjects.has(objectName(object)))) return { ok: false, code: 'OBJECT_NOT_FOUND' };
    const outcome = await this.events.execute({
      stream: actor.id,
      traceparent,
      facts: (tx) => findOwner(tx, object),
      decide: (owner) => decideShare(owner, actor, object),
      // Shares have no state of their own to keep.
      project: async () => undefined,
    });
    return writeAnswer('activity', actor.id, outcome);
  }
}
