import {
  type Answer,
  FindHistory,
  type HistoryPage,
  type HistoryQuery,
  PAGE_CONTENT,
  sqlEventTime,
} from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';
import { existsFor, sqlExistsFor, sqlVisibleTo } from '../find-object/visible-to';
import { decodeHistoryCursor, encodeHistoryCursor } from './history-cursor';

/**
 * Earlier versions, and the current one, which has the highest number. Read in one statement, so that a concurrent edit
 * cannot move a version from one part to the other. Relies on the primary keys of object_versions and objects. Contents
 * after the one that fills the page are not read; `found` counts them too.
 */
export const HISTORY = {
  name: 'read-history',
  text: `
WITH versions AS (
  (SELECT revision AS version, content, time FROM object_versions
   WHERE object_type = $1 AND object_id = $2 AND revision > $3::int AND ${sqlExistsFor('$1', '$2', '$5::int')}
   ORDER BY revision LIMIT $4)
  UNION ALL
  SELECT revision, content, coalesce(edited_at, created_at) FROM objects
  WHERE type = $1 AND id = $2 AND revision > $3::int AND ${sqlVisibleTo('$5::int')}
  ORDER BY version LIMIT $4
), measured AS (
  SELECT *, count(*) OVER ()::float8 AS found,
         sum(octet_length(content)) OVER (ORDER BY version ROWS UNBOUNDED PRECEDING) - octet_length(content) AS before
  FROM versions
)
SELECT version, content, ${sqlEventTime('time')} AS time, found FROM measured WHERE before < ${PAGE_CONTENT} ORDER BY version`,
};

type Row = HistoryPage['versions'][number] & { found: number };

@Controller()
export class FindHistoryHandler {
  constructor(private readonly pool: Pool) {}

  @MessagePattern(FindHistory.pattern)
  async handle({ object, reader, limit, cursor }: HistoryQuery): Promise<Answer<HistoryPage>> {
    const after = cursor === undefined ? 0 : decodeHistoryCursor(cursor);
    if (after === undefined) return { ok: false, code: 'CURSOR_INVALID' };
    // One more, to find out whether there is a next page.
    const rows = await this.versions({ object, reader }, after, limit + 1);
    if (rows.length === 0 && !(await existsFor(this.pool, object, reader))) {
      return { ok: false, code: 'OBJECT_NOT_FOUND' };
    }
    const versions = rows.slice(0, limit).map(({ found: _, ...version }) => version);
    const last = rows[versions.length - 1];
    const next = last && last.found > versions.length ? encodeHistoryCursor(last.version) : undefined;
    return { ok: true, value: { versions, next } };
  }

  private async versions(
    { object: { type, id }, reader }: Pick<HistoryQuery, 'object' | 'reader'>,
    after: number,
    count: number,
  ): Promise<Row[]> {
    const { rows } = await this.pool.query<Row>(HISTORY, [type, id, after, count, reader ?? null]);
    return rows;
  }
}
