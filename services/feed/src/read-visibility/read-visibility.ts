import { FEED_STATUSES, fromMilliseconds, type Milliseconds, type VisibilityQuery } from '@activity-feed/contracts';
import type { Reply } from '@activity-feed/link';
import type { Pool } from 'pg';
import { readAppearances } from '../hypertable/hidden-ids';
import type { ReadScope } from '../read-scope/read-scope';

export interface ReadVisibilityOptions {
  scope: ReadScope;
  pool: Pool;
  now(): Milliseconds;
}

/** Says how users appear to a reader, for what other services show: from memory, which has all blocks and mutes. */
export class ReadVisibility {
  constructor(private readonly options: ReadVisibilityOptions) {}

  async read(query: VisibilityQuery): Promise<Reply> {
    const { scope, pool, now } = this.options;
    const { reader, users } = query;
    const { index, behind } = await scope.of({ required: query, from: fromMilliseconds(now()) });
    const found = index ? index.viewers.appearances(reader, users) : await readAppearances(pool, reader, users);
    return {
      status: behind ? FEED_STATUSES.behind : FEED_STATUSES.ok,
      payload: Buffer.from(JSON.stringify(found)),
    };
  }
}
