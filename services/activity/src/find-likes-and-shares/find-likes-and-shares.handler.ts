import {
  decodeListCursor,
  encodeListCursor,
  type ListBound,
  type ListPosition,
  NEWEST,
  pageOfList,
} from '@activity-feed/backend';
import {
  type Answer,
  FindLikes,
  FindShares,
  type ListPage,
  type ListQuery,
  type ObjectList,
  type ObjectRef,
  sqlEventTime,
} from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';
import { existsFor, sqlIsLiving } from '../find-object/visible-to';

/**
 * Relies on the index `<table>_of_object` and, once, on the primary key of objects. Names come from the users' newest
 * events, by the unique index (stream, version); every user who likes or shares something has an event.
 */
const listOf = (table: ObjectList, time: string) => ({
  name: `read-${table}`,
  text: `
SELECT user_id AS "userId", actor.name, ${sqlEventTime(time)} AS time
FROM (
  SELECT user_id, ${time} FROM ${table}
  WHERE object_type = $1 AND object_id = $2 AND (${time}, user_id) < ($3::timestamptz, $4::int)
    AND ${sqlIsLiving('$1', '$2')}
  ORDER BY ${time} DESC, user_id DESC LIMIT $5
) AS newest
CROSS JOIN LATERAL (
  SELECT data -> 'actor' ->> 'name' AS name FROM events WHERE stream = user_id ORDER BY version DESC LIMIT 1
) AS actor
ORDER BY newest.${time} DESC, user_id DESC`,
});

export const LISTS = { likes: listOf('likes', 'since'), shares: listOf('shares', 'time') };

interface Entry extends ListPosition {
  name: string;
}

/** Who liked, and who shared, an object: nobody, if it is deleted. */
@Controller()
export class FindLikesAndSharesHandler {
  constructor(private readonly pool: Pool) {}

  @MessagePattern(FindLikes.pattern)
  likes(query: ListQuery): Promise<Answer<ListPage<'likes'>>> {
    return this.page('likes', query);
  }

  @MessagePattern(FindShares.pattern)
  shares(query: ListQuery): Promise<Answer<ListPage<'shares'>>> {
    return this.page('shares', query);
  }

  private async page<List extends ObjectList>(
    list: List,
    { object, reader, limit, cursor, identified }: ListQuery,
  ): Promise<Answer<ListPage<List>>> {
    const after = cursor === undefined ? NEWEST : decodeListCursor(list, cursor);
    if (!after) return { ok: false, code: 'CURSOR_INVALID' };
    // One more, to find out whether there is a next page.
    const entries = await this.entries(list, object, after, limit + 1);
    if (entries.length === 0 && !(await existsFor(this.pool, object, reader))) {
      return { ok: false, code: 'OBJECT_NOT_FOUND' };
    }
    const { page, next } = pageOfList(list, entries, limit);
    const listed = page.map((entry) => ({
      user_name: entry.name,
      time: entry.time,
      ...(identified && { user_id: entry.userId, cursor: encodeListCursor(list, entry) }),
    }));
    const answer = { [list]: listed, next };
    return { ok: true, value: answer as ListPage<List> };
  }

  private async entries(
    list: ObjectList,
    { type, id }: ObjectRef,
    { time, userId }: ListBound,
    count: number,
  ): Promise<Entry[]> {
    const { rows } = await this.pool.query<Entry>(LISTS[list], [type, id, time, userId, count]);
    return rows;
  }
}
