import {
  type Answer,
  type EventTime,
  FindObject,
  FindObjects,
  FindOwners,
  type FoundComment,
  type FoundObject,
  type Mention,
  type ObjectRef,
  type ObjectsQuery,
  sqlEventTime,
  type UserId,
} from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';
import { CURRENT_MENTIONS } from './current-versions';
import { findAllOwners } from './find-owner';
import { sqlVisibleTo } from './visible-to';

/** Whether the reader has a row of the object. */
const isIn = (table: 'likes' | 'shares') => `
(SELECT true FROM ${table} WHERE user_id = $3 AND object_type = objects.type AND object_id = objects.id LIMIT 1) IS NOT NULL`;

/** What a comment hangs on, and the number of its replies; null for other objects. Relies on living_replies too. */
const COMMENT = `
CASE WHEN type = 'comment' THEN (
  SELECT jsonb_build_object(
    'root', jsonb_build_object('type', root_type, 'id', root_id), 'thread', thread, 'replyTo', reply_to,
    'replies', (SELECT count(*) FROM comments AS reply WHERE reply.thread = comments.id AND NOT deleted))
  FROM comments WHERE comments.id = objects.id LIMIT 1
) END`;

/**
 * Relies on the primary keys of objects, likes, shares and comments. LIMIT 1 makes it look them up by these, whatever the number of
 * objects: for many, the planner would read whole tables, and all likes of a user instead of testing for each with EXISTS.
 */
export const OBJECTS = {
  name: 'read-objects',
  text: `
SELECT found.*
FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS wanted(type, id, place)
LEFT JOIN LATERAL (
  SELECT owner_id AS "ownerId", owner_name AS "ownerName", content, ${CURRENT_MENTIONS} AS mentions,
         ${sqlEventTime('created_at')} AS "createdAt",
         ${sqlEventTime('edited_at')} AS "editedAt",
         ${isIn('likes')} AS liked, ${isIn('shares')} AS shared, ${COMMENT} AS comment,
         ${sqlEventTime('deleted_at')} AS "deletedAt", ${sqlEventTime('restorable_until')} AS "restorableUntil"
  FROM objects WHERE type = wanted.type AND id = wanted.id AND ${sqlVisibleTo('$3')} LIMIT 1
) AS found ON true
ORDER BY place`,
};

interface ObjectRow {
  ownerId: UserId;
  ownerName: string;
  content: string;
  mentions: Mention[] | null;
  createdAt: EventTime;
  editedAt: EventTime | null;
  liked: boolean;
  shared: boolean;
  deletedAt: EventTime | null;
  restorableUntil: EventTime;
  comment: FoundComment | null;
}

@Controller()
export class FindObjectHandler {
  constructor(private readonly pool: Pool) {}

  @MessagePattern(FindObject.pattern)
  async handle({ object, reader }: { object: ObjectRef; reader: UserId }): Promise<Answer<FoundObject>> {
    const [found] = await this.find([object], reader);
    return found ? { ok: true, value: found } : { ok: false, code: 'OBJECT_NOT_FOUND' };
  }

  @MessagePattern(FindObjects.pattern)
  async handleAll({ objects, reader }: ObjectsQuery): Promise<Answer<(FoundObject | null)[]>> {
    return { ok: true, value: await this.find(objects, reader) };
  }

  @MessagePattern(FindOwners.pattern)
  async handleOwners({ objects }: { objects: ObjectRef[] }): Promise<Answer<(UserId[] | null)[]>> {
    return { ok: true, value: await findAllOwners(this.pool, objects) };
  }

  private async find(objects: ObjectRef[], reader: UserId): Promise<(FoundObject | null)[]> {
    const types = objects.map(({ type }) => type);
    const ids = objects.map(({ id }) => id);
    const { rows } = await this.pool.query<ObjectRow | { ownerId: null }>(OBJECTS, [types, ids, reader]);
    return rows.map((row, place) => (row.ownerId === null ? null : toFound(objects[place] as ObjectRef, row)));
  }
}

function toFound(object: ObjectRef, row: ObjectRow): FoundObject {
  const { ownerId, ownerName, mentions, deletedAt, restorableUntil, comment, ...found } = row;
  return {
    object,
    owner: { id: ownerId, name: ownerName },
    mentions: mentions ?? [],
    ...found,
    ...(comment && { comment }),
    ...(deletedAt && { deletion: { deletedAt, restorableUntil } }),
  };
}
