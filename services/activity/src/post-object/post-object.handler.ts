import { writeAnswer } from '@activity-feed/backend';
import {
  type Answer,
  type NewEvent,
  objectName,
  type PostedType,
  PostObject,
  type PostObjectCommand,
  type UserId,
  type Written,
} from '@activity-feed/contracts';
import { type CarriedOut, type CommandKind, carryOut, EventStore } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { KnownObjects } from '../find-object/known-objects';
import { noteMentionedIn, toColumn } from '../note-mentions/mentions-sql';
import { decidePost } from './post-object.decide';

/** Each type has its own sequence. Sequences do not lock; a rollback or a crash leaves gaps in the ids. */
const NEXT_IDS = {
  name: 'next-object-ids',
  text: `
SELECT nextval((type || '_ids')::regclass)::float8 AS id
FROM (SELECT type FROM unnest($1::text[]) WITH ORDINALITY AS wanted(type, place) ORDER BY place) AS wanted`,
};

const PROJECTION = {
  name: 'insert-objects',
  text: `
WITH posts AS (
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::int[], $4::text[], $5::text[], $6::timestamptz[], $7::jsonb[])
    AS p(type, id, owner_id, owner_name, content, created_at, mentions)
), noted AS (${noteMentionedIn('posts')})
INSERT INTO objects (type, id, owner_id, owner_name, content, created_at, mentions, mentions_revision)
SELECT *, CASE WHEN mentions IS NOT NULL THEN 1 END FROM posts`,
};

type PostOnStream = PostObjectCommand & { stream: UserId };

const postObject: CommandKind<PostOnStream, number, NewEvent<'activity.object-posted.v1'>> = {
  name: PostObject.pattern,
  facts: async (tx, commands) => {
    const types: PostedType[] = commands.map(({ type }) => type);
    const { rows } = await tx.query<{ id: number }>(NEXT_IDS, [types]);
    return rows.map(({ id }) => id);
  },
  decide: (id, { actor, type, content, mentions }) => decidePost(actor, { type, id }, content, mentions),
  project: (recorded) => {
    const posts = recorded.map(({ event: { data, time } }) => ({ ...data, time }));
    return {
      ...PROJECTION,
      values: [
        posts.map(({ object }) => object.type),
        posts.map(({ object }) => object.id),
        posts.map(({ actor }) => actor.id),
        posts.map(({ actor }) => actor.name),
        posts.map(({ object }) => object.content),
        posts.map(({ time }) => time),
        posts.map(({ mentions }) => toColumn(mentions)),
      ],
    };
  },
};

@Controller()
export class PostObjectHandler {
  constructor(
    private readonly events: EventStore,
    private readonly knownObjects: KnownObjects,
  ) {}

  @MessagePattern(PostObject.pattern)
  async handle(command: PostObjectCommand): Promise<Answer<Written & { objectId: number }>> {
    const { actor } = command;
    const answer = await carryOut(this.events, postObject, { ...command, stream: actor.id }, answerOf);
    if (answer.ok) this.knownObjects.add(objectName({ type: command.type, id: answer.value.objectId }));
    return answer;
  }
}

function answerOf(outcome: CarriedOut<NewEvent<'activity.object-posted.v1'>>): Answer<Written & { objectId: number }> {
  if (outcome.kind !== 'recorded') throw new Error('a post is either rejected or recorded, never unchanged');
  const { actor, object } = outcome.event.data;
  const answer = writeAnswer('activity', actor.id, outcome);
  return answer.ok ? { ok: true, value: { ...answer.value, objectId: object.id } } : answer;
}
