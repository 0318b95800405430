import { type Answer, FindNames, type NamesPage, type NamesQuery, UserName } from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';
import { sqlBlocks } from '../blocks/blocks-and-mutes';

/** Above every character of a name. */
const LAST = '~';

/** Relies on the index users_by_name. */
const NAMES = {
  name: 'names-with-prefix',
  text: `
SELECT name FROM users
WHERE name COLLATE "C" >= $1 AND name COLLATE "C" < $2 AND name COLLATE "C" > $3
  AND NOT ${sqlBlocks('id', '$5')} AND NOT suspended
ORDER BY name COLLATE "C" LIMIT $4`,
};

@Controller()
export class FindNamesHandler {
  constructor(private readonly pool: Pool) {}

  /** The cursor of a page is the last name of the page before it. */
  @MessagePattern(FindNames.pattern)
  async handle({ prefix, reader, limit, cursor }: NamesQuery): Promise<Answer<NamesPage>> {
    if (cursor !== undefined && !UserName.safeParse(cursor).success) return { ok: false, code: 'CURSOR_INVALID' };
    // One more, to find out whether there is a next page.
    const values = [prefix, prefix + LAST, cursor ?? '', limit + 1, reader];
    const { rows } = await this.pool.query<{ name: string }>(NAMES, values);
    const names = rows.slice(0, limit).map(({ name }) => name);
    return { ok: true, value: { names, next: rows.length > limit ? names.at(-1) : undefined } };
  }
}
