import {
  type Answer,
  type EventTime,
  FindLikes,
  type LikesPage,
  type LikesQuery,
  type ObjectRef,
  sqlEventTime,
  type UserId,
} from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';
import { decodeLikesCursor, encodeLikesCursor, type LikePosition } from './likes-cursor';

/**
 * Relies on the index likes_of_object. Names come from the users' newest events, by the unique index (stream, version);
 * every user who likes something has an event.
 */
export const LIKES = {
  name: 'read-likes',
  text: `
SELECT user_id AS "userId", actor.name, ${sqlEventTime('since')} AS time
FROM (
  SELECT user_id, since FROM likes
  WHERE object_type = $1 AND object_id = $2 AND (since, user_id) < ($3::timestamptz, $4::int)
  ORDER BY since DESC, user_id DESC LIMIT $5
) AS newest
CROSS JOIN LATERAL (
  SELECT data -> 'actor' ->> 'name' AS name FROM events WHERE stream = user_id ORDER BY version DESC LIMIT 1
) AS actor
ORDER BY since DESC, user_id DESC`,
};

/** Relies on the primary key of objects. */
const EXISTS = 'SELECT FROM objects WHERE type = $1 AND id = $2';

interface Like extends LikePosition {
  name: string;
}

interface LikesBound {
  time: EventTime | 'infinity';
  userId: UserId | 0;
}

/** A position before all likes. */
const BEGINNING: LikesBound = { time: 'infinity', userId: 0 };

@Controller()
export class FindLikesHandler {
  constructor(private readonly pool: Pool) {}

  @MessagePattern(FindLikes.pattern)
  async handle({ object, limit, cursor }: LikesQuery): Promise<Answer<LikesPage>> {
    const after = cursor === undefined ? BEGINNING : decodeLikesCursor(cursor);
    if (!after) return { ok: false, code: 'CURSOR_INVALID' };
    // One more, to find out whether there is a next page.
    const likes = await this.likes(object, after, limit + 1);
    if (likes.length === 0 && !(await this.exists(object))) return { ok: false, code: 'OBJECT_NOT_FOUND' };
    const page = likes.slice(0, limit);
    const last = page.at(-1);
    return {
      ok: true,
      value: {
        likes: page.map(({ name, time }) => ({ user_name: name, time })),
        next: last && likes.length > limit ? encodeLikesCursor(last) : undefined,
      },
    };
  }

  private async likes({ type, id }: ObjectRef, { time, userId }: LikesBound, count: number): Promise<Like[]> {
    const { rows } = await this.pool.query<Like>(LIKES, [type, id, time, userId, count]);
    return rows;
  }

  private async exists({ type, id }: ObjectRef): Promise<boolean> {
    const { rowCount } = await this.pool.query(EXISTS, [type, id]);
    return rowCount !== 0;
  }
}
