import { decodeListCursor, type ListPosition, NEWEST, pageOfList } from '@activity-feed/backend';
import {
  type Answer,
  FindRequests,
  type FollowsPage,
  type RequestList,
  type RequestsQuery,
  sqlEventTime,
} from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';
import { IS_PUBLISHED } from '../follow-requests/follow-requests';

const listOf = (list: RequestList, reader: string, other: string) => ({
  name: `find-${list}`,
  text: `
SELECT ${other} AS "userId", name, ${sqlEventTime('since')} AS time
FROM follow_requests JOIN users ON users.id = ${other}
WHERE ${reader} = $1 AND (since, ${other}) < ($2::timestamptz, $3::int) AND NOT suspended
  AND NOT ${IS_PUBLISHED}
ORDER BY since DESC, ${other} DESC LIMIT $4`,
});

/** Rely on the indexes follow_requests_of_target and follow_requests_of_requester. */
const LISTS: Record<RequestList, ReturnType<typeof listOf>> = {
  requests: listOf('requests', 'target_id', 'requester_id'),
  requested: listOf('requested', 'requester_id', 'target_id'),
};

@Controller()
export class FindRequestsHandler {
  constructor(private readonly pool: Pool) {}

  @MessagePattern(FindRequests.pattern)
  async handle({ list, reader, limit, cursor }: RequestsQuery): Promise<Answer<FollowsPage>> {
    const after = cursor === undefined ? NEWEST : decodeListCursor(list, cursor);
    if (!after) return { ok: false, code: 'CURSOR_INVALID' };
    // One more, to find out whether there is a next page.
    const values = [reader, after.time, after.userId, limit + 1];
    const { rows } = await this.pool.query<ListPosition & { name: string }>(LISTS[list], values);
    const { page, next } = pageOfList(list, rows, limit);
    return { ok: true, value: { users: page.map(({ name, time }) => ({ name, since: time })), next } };
  }
}
