import { writeAnswer } from '@activity-feed/backend';
import {
  type Answer,
  type ObjectType,
  objectName,
  PostObject,
  type PostObjectCommand,
  type Written,
} from '@activity-feed/contracts';
import { EventStore } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { KnownObjects } from '../find-object/known-objects';
import { decidePost } from './post-object.decide';

/** Sequences don't wait for one another's transactions; what a rollback or a crash leaves out stays out. */
const NEXT_ID: Record<ObjectType, string> = {
  post: "SELECT nextval('post_ids')::float8 AS id",
  photo: "SELECT nextval('photo_ids')::float8 AS id",
};

const PROJECTION = `
INSERT INTO objects (type, id, owner_id, owner_name, content, created_at) VALUES ($1, $2, $3, $4, $5, $6)`;

@Controller()
export class PostObjectHandler {
  constructor(
    private readonly events: EventStore,
    private readonly knownObjects: KnownObjects,
  ) {}

  @MessagePattern(PostObject.pattern)
  async handle({
    actor,
    type,
    content,
    traceparent,
  }: PostObjectCommand): Promise<Answer<Written & { objectId: number }>> {
    const outcome = await this.events.execute({
      stream: actor.id,
      traceparent,
      facts: async (tx) => (await tx.query<{ id: number }>(NEXT_ID[type])).rows[0]?.id as number,
      decide: (id) => decidePost(actor, { type, id }, content),
      project: async (tx, { data: { object }, time }) => {
        await tx.query(PROJECTION, [object.type, object.id, actor.id, actor.name, object.content, time]);
      },
    });
    const answer = writeAnswer('activity', actor.id, outcome);
    if (!answer.ok || outcome.kind !== 'recorded') throw new Error('a post was neither refused nor recorded');
    const { object } = outcome.event.data;
    await this.knownObjects.add(objectName(object));
    return { ok: true, value: { ...answer.value, objectId: object.id } };
  }
}
