import { decodeListCursor, type ListPosition, NEWEST, pageOfList } from '@activity-feed/backend';
import {
  type Answer,
  FindFollows,
  type FollowList,
  type FollowsPage,
  type FollowsQuery,
  sqlEventTime,
} from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';
import { sqlIsBetween } from '../blocks/blocks-and-mutes';
import { sqlIsClosed } from '../follow-requests/follow-requests';

/** No row if there is no such user for the reader, $5; one without a time if the list has no more entries. */
const listOf = (list: FollowList, user: string, listed: string) => ({
  name: `find-${list}`,
  text: `
SELECT listed.id AS "userId", listed.name, ${sqlEventTime('newest.since')} AS time
FROM users
LEFT JOIN LATERAL (
  SELECT ${listed} AS id, since FROM follows JOIN users AS other ON other.id = ${listed}
  WHERE ${user} = users.id AND (since, ${listed}) < ($2::timestamptz, $3::int)
    AND NOT ${sqlIsBetween('$5', listed)} AND NOT other.suspended
    AND (users.id = $5 OR NOT ${sqlIsClosed('users', '$5')}) AND (users.id = $5 OR NOT ${sqlIsClosed('other', '$5')})
  ORDER BY since DESC, ${listed} DESC LIMIT $4
) AS newest ON true
LEFT JOIN users AS listed ON listed.id = newest.id
WHERE users.name = $1 AND NOT users.suspended AND NOT ${sqlIsBetween('$5', 'users.id')}
ORDER BY newest.since DESC, newest.id DESC`,
});

/** Rely on the indexes follows_of_followee and follows_of_follower. */
const LISTS: Record<FollowList, ReturnType<typeof listOf>> = {
  followers: listOf('followers', 'followee_id', 'follower_id'),
  following: listOf('following', 'follower_id', 'followee_id'),
};

type Row = (ListPosition & { name: string }) | { time: null };

@Controller()
export class FindFollowsHandler {
  constructor(private readonly pool: Pool) {}

  @MessagePattern(FindFollows.pattern)
  async handle({ list, name, reader, limit, cursor }: FollowsQuery): Promise<Answer<FollowsPage>> {
    const after = cursor === undefined ? NEWEST : decodeListCursor(list, cursor);
    if (!after) return { ok: false, code: 'CURSOR_INVALID' };
    // One more, to find out whether there is a next page.
    const { rows } = await this.pool.query<Row>(LISTS[list], [name, after.time, after.userId, limit + 1, reader]);
    if (rows.length === 0) return { ok: false, code: 'USER_NOT_FOUND' };
    const entries = rows.filter((row): row is Exclude<Row, { time: null }> => row.time !== null);
    const { page, next } = pageOfList(list, entries, limit);
    return { ok: true, value: { users: page.map((entry) => ({ name: entry.name, since: entry.time })), next } };
  }
}
