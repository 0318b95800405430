import { FEED_STATUSES, type Milliseconds, type VisibilityQuery } from '@activity-feed/contracts';
import type { Reply } from '@activity-feed/link';
import type { ReadScope } from '../read-scope/read-scope';

export interface ReadVisibilityOptions {
  scope: Pick<ReadScope, 'appearances'>;
  now(): Milliseconds;
}

/**
 * Says how users appear to a reader, for what other services show: from memory, which has all blocks, mutes and private
 * accounts.
 */
export class ReadVisibility {
  constructor(private readonly options: ReadVisibilityOptions) {}

  async read(query: VisibilityQuery): Promise<Reply> {
    const { scope, now } = this.options;
    const { bits, behind } = await scope.appearances(query.reader, query.users, query, now());
    return { status: behind ? FEED_STATUSES.behind : FEED_STATUSES.ok, payload: Buffer.from(JSON.stringify(bits)) };
  }
}
