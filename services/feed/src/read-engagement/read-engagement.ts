import {
  ENGAGEMENTS,
  type Engagement,
  type EngagementQuery,
  engagementCounts,
  FEED_STATUSES,
  fromMilliseconds,
  type Microseconds,
  type ObjectRef,
} from '@activity-feed/contracts';
import type { Reply } from '@activity-feed/link';
import type { Pool } from 'pg';
import { keyOfObject } from '../activity/object-key';
import { sumsOfCounts } from '../aggregates/engagement-sql';
import { aggregatedHours, hoursThroughNotes } from '../aggregates/hours-of-objects-sql';
import { noneNoted } from '../aggregates/notes-sql';
import { type ReadOfClosedBuckets, readThroughNotes } from '../aggregates/read-through-notes';
import type { AnswerCache } from '../keep-answers/answer-cache';
import type { ReadScope } from '../read-scope/read-scope';
import { addCounts } from '../timeline-index/rows/object-slots';
import type { TimelineIndex } from '../timeline-index/timeline-index';

const HOURS = {
  columns: 'verb, activities',
  where: 'object_type = $1 AND object_id = $2 AND hour < $3::timestamptz',
};

/** Relies on the aggregate's index (object_type, object_id, hour). */
const CLOSED: ReadOfClosedBuckets = {
  plain: `
SELECT ${sumsOfCounts('float8')} FROM (${aggregatedHours(HOURS)}) AS hours
HAVING ${noneNoted('noted_objects', HOURS.where)}`,
  noted: `SELECT ${sumsOfCounts('float8')} FROM (${hoursThroughNotes(HOURS)}) AS hours`,
};

export interface ReadEngagementOptions {
  scope: ReadScope;
  pool: Pool;
  cache: AnswerCache;
}

/** Counts an object's likes and shares: open hours from memory, earlier ones from the aggregate. */
export class ReadEngagement {
  constructor(private readonly options: ReadEngagementOptions) {}

  async read(query: EngagementQuery): Promise<Reply> {
    const { object } = query;
    const { scope, cache } = this.options;
    const { index, open, behind } = await scope.ofHours(query);
    const name = index && `engagement.${object.type}.${object.id}.${open}`;
    const closed = await cache.keep(name, () => this.closed(object, index ? new Date(open) : 'infinity'));
    const recent = index && recentCounts(index, object, fromMilliseconds(open));
    const counts: Engagement = engagementCounts(({ count }, place) => closed[count] + (recent?.[place] ?? 0));
    return {
      status: behind ? FEED_STATUSES.behind : FEED_STATUSES.ok,
      payload: Buffer.from(JSON.stringify(counts)),
    };
  }

  private async closed({ type, id }: ObjectRef, until: Date | 'infinity'): Promise<Engagement> {
    const [sums] = await readThroughNotes<Engagement>(this.options.pool, CLOSED, [type, id, until]);
    return sums as Engagement;
  }
}

function recentCounts(index: TimelineIndex, object: ObjectRef, from: Microseconds): number[] {
  const sums = ENGAGEMENTS.map(() => 0);
  for (const { start, counts } of index.recent.get(keyOfObject(object))?.hours ?? []) {
    if (start >= from) addCounts(sums, counts);
  }
  return sums;
}
