import { decodeListCursor, type ListPosition, NEWEST, pageOfList } from '@activity-feed/backend';
import {
  type Answer,
  FindHidden,
  type HiddenPage,
  type HiddenQuery,
  type HiddenUser,
  sqlEventTime,
} from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';

/** Relies on the index blocks_in_order. */
const BLOCKS = {
  name: 'find-blocks',
  text: `
SELECT blocked_id AS "userId", name, ${sqlEventTime('since')} AS time
FROM blocks JOIN users ON users.id = blocked_id
WHERE blocker_id = $1 AND (since, blocked_id) < ($2::timestamptz, $3::int)
ORDER BY since DESC, blocked_id DESC LIMIT $4`,
};

/** Relies on the index mutes_in_order. */
const MUTES = {
  name: 'find-mutes',
  text: `
SELECT muted_id AS "userId", name, ${sqlEventTime('since')} AS time, CASE WHEN shares_only THEN 'shares' END AS "only",
       CASE WHEN isfinite(until) THEN ${sqlEventTime('until')} END AS until
FROM mutes JOIN users ON users.id = muted_id
WHERE muter_id = $1 AND (since, muted_id) < ($2::timestamptz, $3::int) AND until > now()
ORDER BY since DESC, muted_id DESC LIMIT $4`,
};

type Row = ListPosition & Omit<HiddenUser, 'since'>;

@Controller()
export class FindHiddenHandler {
  constructor(private readonly pool: Pool) {}

  @MessagePattern(FindHidden.pattern)
  async handle({ list, reader, limit, cursor }: HiddenQuery): Promise<Answer<HiddenPage>> {
    const after = cursor === undefined ? NEWEST : decodeListCursor(list, cursor);
    if (!after) return { ok: false, code: 'CURSOR_INVALID' };
    const statement = list === 'blocks' ? BLOCKS : MUTES;
    // One more, to find out whether there is a next page.
    const { rows } = await this.pool.query<Row>(statement, [reader, after.time, after.userId, limit + 1]);
    const { page, next } = pageOfList(list, rows, limit);
    const users = page.map(({ name, time, userId: _, ...mute }) => ({ name, since: time, ...mute }));
    return { ok: true, value: { users, next } };
  }
}
