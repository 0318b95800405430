import { writeAnswer } from '@activity-feed/backend';
import {
  LikeObject,
  type ObjectCommand,
  type ObjectRef,
  objectName,
  type UserId,
  type WriteAnswer,
} from '@activity-feed/contracts';
import { EventStore } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import type { ClientBase } from 'pg';
import { findOwner } from '../find-object/find-owner';
import { KnownObjects } from '../find-object/known-objects';
import { decideLike, type LikeFacts } from './like-object.decide';

const LIKED = 'SELECT FROM likes WHERE user_id = $1 AND object_type = $2 AND object_id = $3';
const PROJECTION = 'INSERT INTO likes (user_id, object_type, object_id, since) VALUES ($1, $2, $3, $4)';

@Controller()
export class LikeObjectHandler {
  constructor(
    private readonly events: EventStore,
    private readonly knownObjects: KnownObjects,
  ) {}

  @MessagePattern(LikeObject.pattern)
  async handle({ actor, object, traceparent }: ObjectCommand): Promise<WriteAnswer> {
    if (!(await this.knownObjects.has(objectName(object)))) return { ok: false, code: 'OBJECT_NOT_FOUND' };
    const outcome = await this.events.execute({
      stream: actor.id,
      traceparent,
      facts: (tx) => readFacts(tx, actor.id, object),
      decide: (facts) => decideLike(facts, actor, object),
      project: async (tx, { time }) => {
        await tx.query(PROJECTION, [actor.id, object.type, object.id, time]);
      },
    });
    return writeAnswer('activity', actor.id, outcome);
  }
}

async function readFacts(tx: ClientBase, user: UserId, object: ObjectRef): Promise<LikeFacts> {
  const owner = await findOwner(tx, object);
  const { rowCount } = await tx.query(LIKED, [user, object.type, object.id]);
  return { owner, liked: rowCount !== 0 };
}
