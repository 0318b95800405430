import { writeAnswer } from '@activity-feed/backend';
import {
  type Answer,
  type CommentCommand,
  CommentOnObject,
  type NewEvent,
  objectName,
  type PostedType,
  type UserId,
  type Written,
} from '@activity-feed/contracts';
import { type CarriedOut, type CommandKind, carryOut, EventStore } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import type { ClientBase } from 'pg';
import { findOwners } from '../find-object/find-owner';
import { KnownObjects } from '../find-object/known-objects';
import { noteMentionedIn, toColumn } from '../note-mentions/mentions-sql';
import { type CommentFacts, decideComment, type ExistingComment } from './comment-on-object.decide';

/** As for posts, a rollback or a crash leaves gaps. */
const NEXT_IDS = {
  name: 'next-comment-ids',
  text: "SELECT nextval('comment_ids')::float8 AS id FROM generate_series(1, $1::int)",
};

/** Relies on the primary keys of comments and objects. */
const COMMENTS = {
  name: 'find-replied-comments',
  text: `
SELECT comments.id, root_type AS "rootType", root_id AS "rootId", thread, owner_id AS "ownerId", owner_name AS "ownerName"
FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted(id, place)
LEFT JOIN comments ON comments.id = wanted.id AND NOT deleted
LEFT JOIN objects ON type = 'comment' AND objects.id = wanted.id
ORDER BY place`,
};

const PROJECTION = {
  name: 'insert-comments',
  text: `
WITH posted AS (
  SELECT * FROM unnest(
    $1::bigint[], $2::int[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[],
    $10::jsonb[]
  ) AS c(id, owner_id, owner_name, content, created_at, root_type, root_id, thread, reply_to, mentions)
), added AS (
  INSERT INTO objects (type, id, owner_id, owner_name, content, created_at, mentions, mentions_revision)
  SELECT 'comment', id, owner_id, owner_name, content, created_at, mentions, CASE WHEN mentions IS NOT NULL THEN 1 END
  FROM posted
), noted AS (${noteMentionedIn("(SELECT 'comment' AS type, id, mentions FROM posted) AS objects")})
INSERT INTO comments (id, root_type, root_id, thread, reply_to, created_at)
SELECT id, root_type, root_id, thread, reply_to, created_at FROM posted`,
};

type CommentOnStream = CommentCommand & { stream: UserId };

const commentOnObject: CommandKind<CommentOnStream, CommentFacts, NewEvent<'activity.comment-posted.v1'>> = {
  name: CommentOnObject.pattern,
  facts: async (tx, commands) => {
    const [ids, owners, replied] = await Promise.all([
      tx.query<{ id: number }>(NEXT_IDS, [commands.length]),
      findOwners(
        tx,
        commands.map(({ root }) => root),
      ),
      findComments(
        tx,
        commands.map(({ replyTo }) => replyTo ?? null),
      ),
    ]);
    return commands.map((_, index) => ({
      id: (ids.rows[index] as { id: number }).id,
      owner: owners[index],
      repliedTo: replied[index],
    }));
  },
  decide: decideComment,
  project: (recorded) => {
    const comments = recorded.map(({ event: { data, time } }) => ({ ...data, time }));
    return {
      ...PROJECTION,
      values: [
        comments.map(({ object }) => object.id),
        comments.map(({ actor }) => actor.id),
        comments.map(({ actor }) => actor.name),
        comments.map(({ object }) => object.content),
        comments.map(({ time }) => time),
        comments.map(({ root }) => root.type),
        comments.map(({ root }) => root.id),
        comments.map(({ thread }) => thread),
        comments.map(({ reply_to }) => reply_to?.id ?? null),
        comments.map(({ mentions }) => toColumn(mentions)),
      ],
    };
  },
};

/** Adds comments and replies to posts and photos. */
@Controller()
export class CommentOnObjectHandler {
  constructor(
    private readonly events: EventStore,
    private readonly knownObjects: KnownObjects,
  ) {}

  @MessagePattern(CommentOnObject.pattern)
  async handle(command: CommentCommand): Promise<Answer<Written & { objectId: number }>> {
    const { actor, root } = command;
    const isKnown = () => this.knownObjects.orCode(objectName(root), 'OBJECT_NOT_FOUND');
    const answer = await carryOut(this.events, commentOnObject, { ...command, stream: actor.id }, answerOf, isKnown);
    if (answer.ok) this.knownObjects.add(objectName({ type: 'comment', id: answer.value.objectId }));
    return answer;
  }
}

function answerOf(outcome: CarriedOut<NewEvent<'activity.comment-posted.v1'>>): Answer<Written & { objectId: number }> {
  if (outcome.kind !== 'recorded') throw new Error('a comment is either rejected or recorded, never unchanged');
  const { actor, object } = outcome.event.data;
  const answer = writeAnswer('activity', actor.id, outcome);
  return answer.ok ? { ok: true, value: { ...answer.value, objectId: object.id } } : answer;
}

interface CommentRow {
  id: number;
  rootType: PostedType;
  rootId: number;
  thread: number | null;
  ownerId: UserId;
  ownerName: string;
}

/** Undefined for a comment that does not exist or is deleted. */
async function findComments(tx: ClientBase, ids: readonly (number | null)[]): Promise<(ExistingComment | undefined)[]> {
  if (ids.every((id) => id === null)) return [];
  const { rows } = await tx.query<CommentRow | { id: null }>(COMMENTS, [ids]);
  return rows.map((row) => (row.id === null ? undefined : toComment(row)));
}

const toComment = ({ id, rootType, rootId, thread, ownerId, ownerName }: CommentRow): ExistingComment => ({
  id,
  owner: { id: ownerId, name: ownerName },
  root: { type: rootType, id: rootId },
  thread,
});
