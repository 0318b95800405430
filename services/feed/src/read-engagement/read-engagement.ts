import {
  type Engagement,
  type EngagementQuery,
  FEED_STATUSES,
  OBJECT_TYPES,
  type ObjectRef,
} from '@activity-feed/contracts';
import type { Reply } from '@activity-feed/link';
import type { Pool } from 'pg';
import type { AnswerCache } from '../keep-answers/answer-cache';
import type { ReadScope } from '../serve-reads/read-scope';
import { objectKey } from '../timeline-index/object-tally';
import type { TimelineIndex } from '../timeline-index/timeline-index';

/** Relies on the aggregate's index (object_type, object_id, hour). */
const COUNTS = `
SELECT coalesce(sum(activities) FILTER (WHERE verb = 'like'), 0)::float8 AS likes,
       coalesce(sum(activities) FILTER (WHERE verb = 'share'), 0)::float8 AS shares
FROM object_engagement_hourly WHERE object_type = $1 AND object_id = $2 AND hour < $3::timestamptz`;

export interface ReadEngagementOptions {
  scope: ReadScope;
  pool: Pool;
  cache: AnswerCache;
}

/** Counts how often an object was liked and shared: in the open hours from memory, before them from the aggregate. */
export class ReadEngagement {
  constructor(private readonly options: ReadEngagementOptions) {}

  async read(query: EngagementQuery): Promise<Reply> {
    const { object } = query;
    const { scope, cache } = this.options;
    const { index, open, behind } = await scope.ofHours(query);
    const name = index && `engagement.${object.type}.${object.id}.${open}`;
    const closed = await cache.keep(name, () => this.closed(object, index ? new Date(open) : 'infinity'));
    const recent = index ? recentCounts(index, object, open * 1_000) : { likes: 0, shares: 0 };
    const counts: Engagement = { likes: closed.likes + recent.likes, shares: closed.shares + recent.shares };
    return {
      status: behind ? FEED_STATUSES.behind : FEED_STATUSES.ok,
      payload: Buffer.from(JSON.stringify(counts)),
    };
  }

  private async closed({ type, id }: ObjectRef, until: Date | 'infinity'): Promise<Engagement> {
    const { rows } = await this.options.pool.query<Engagement>(COUNTS, [type, id, until]);
    return rows[0] as Engagement;
  }
}

function recentCounts(index: TimelineIndex, { type, id }: ObjectRef, from: number): Engagement {
  const object = index.recent.get(objectKey(OBJECT_TYPES.indexOf(type), id));
  const counts = { likes: 0, shares: 0 };
  for (const { start, likes, shares } of object?.hours ?? []) {
    if (start < from) continue;
    counts.likes += likes;
    counts.shares += shares;
  }
  return counts;
}
