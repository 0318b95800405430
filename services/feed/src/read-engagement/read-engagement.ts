import {
  ENGAGEMENTS,
  type Engagement,
  type EngagementQuery,
  type EngagementsQuery,
  engagementCounts,
  FEED_STATUSES,
  fromMilliseconds,
  type Microseconds,
  OBJECT_TYPES,
  type ObjectRef,
  type ObjectType,
} from '@activity-feed/contracts';
import type { Reply } from '@activity-feed/link';
import type { Pool } from 'pg';
import { ALL_MOVED, isDeleted } from '../activity/moved-sql';
import { keyOfObject } from '../activity/object-key';
import { noneCorrected } from '../aggregates/corrections-sql';
import { sumsOfCounts } from '../aggregates/engagement-sql';
import { aggregatedHours, hoursThroughNotes } from '../aggregates/hours-of-objects-sql';
import { noneNoted } from '../aggregates/notes-sql';
import { type ReadOfClosedBuckets, readThroughNotes } from '../aggregates/read-through-notes';
import type { AnswerCache } from '../keep-answers/answer-cache';
import type { OpenScope, ReadScope } from '../read-scope/read-scope';
import { addCounts } from '../timeline-index/rows/object-slots';
import type { TimelineIndex } from '../timeline-index/timeline-index';

const HOURS = {
  columns: ['object_id', 'verb', 'activities'] as const,
  where: 'object_type = $1 AND object_id = ANY ($2::bigint[]) AND hour < $3::timestamptz',
  hours: { from: "'-infinity'::timestamptz", to: '$3::timestamptz' },
};

/** One row for each of the objects $2, in that order. Nothing counts for one that is deleted. */
const sumsFrom = (hours: string) => `
SELECT ${ENGAGEMENTS.map(({ count }) => `coalesce(${count}, 0) AS ${count}`).join(', ')}
FROM unnest($2::bigint[]) WITH ORDINALITY AS wanted(object_id, place)
LEFT JOIN (SELECT object_id, ${sumsOfCounts('float8')} FROM (${hours}) AS hours GROUP BY object_id) AS sums
     ON sums.object_id = wanted.object_id AND NOT ${isDeleted('$1', 'wanted.object_id')}`;

/** Relies on the aggregate's index (object_type, object_id, hour). */
const CLOSED: ReadOfClosedBuckets = {
  plain: `${sumsFrom(aggregatedHours(HOURS))} WHERE ${noneNoted('noted_objects', HOURS.where)} AND ${noneCorrected(HOURS.where)} AND ${ALL_MOVED} ORDER BY place`,
  noted: `${sumsFrom(hoursThroughNotes(HOURS))} ORDER BY place`,
};

export interface ReadEngagementOptions {
  scope: ReadScope;
  pool: Pool;
  cache: AnswerCache;
}

/** Counts objects' likes, shares and comments: open hours from memory, earlier ones from the aggregate. */
export class ReadEngagement {
  constructor(private readonly options: ReadEngagementOptions) {}

  async ofOne(query: EngagementQuery): Promise<Reply> {
    const { object } = query;
    const scope = await this.options.scope.ofHours(query);
    const { keyOf, behind } = await keysIn(scope);
    const find = async () => (await this.closed([object], scope))[0] as Engagement;
    const closed = await this.options.cache.keep(keyOf?.(object), find);
    return toReply(behind, withOpenHours(scope, object, closed));
  }

  async ofEach(query: EngagementsQuery): Promise<Reply> {
    const { objects } = query;
    const scope = await this.options.scope.ofHours(query);
    const { keyOf, behind } = await keysIn(scope);
    const find = (missing: readonly ObjectRef[]) => this.closed(missing, scope);
    const closed = await this.options.cache.keepEach(objects, keyOf, find);
    const counts = objects.map((object, place) => withOpenHours(scope, object, closed[place] as Engagement));
    return toReply(behind, counts);
  }

  private async closed(objects: readonly ObjectRef[], { index, open }: OpenScope): Promise<Engagement[]> {
    const until = index ? new Date(open) : 'infinity';
    const found: Engagement[] = [];
    const ofType = async (type: ObjectType) => {
      const places = [...objects.keys()].filter((place) => objects[place]?.type === type);
      if (places.length === 0) return;
      const values = [type, places.map((place) => objects[place]?.id), until];
      const sums = await readThroughNotes<Engagement>(this.options.pool, CLOSED, values);
      for (const [row, place] of places.entries()) found[place] = sums[row] as Engagement;
    };
    await Promise.all(OBJECT_TYPES.map(ofType));
    return found;
  }
}

/** The cache keys of objects' counts; undefined if they must not be cached. */
async function keysIn({ index, open, behind, takeBacks }: OpenScope) {
  const undone = await takeBacks.reach(fromMilliseconds(open));
  const isKept = index !== undefined && undone !== undefined;
  const changes = isKept ? await takeBacks.changes() : '';
  const keyOf = isKept ? ({ type, id }: ObjectRef) => `engagement.${type}.${id}.${open}${undone}${changes}` : undefined;
  return { keyOf, behind: behind || undone === undefined };
}

function withOpenHours({ index, open }: OpenScope, object: ObjectRef, closed: Engagement): Engagement {
  const recent = index && recentCounts(index, object, fromMilliseconds(open));
  return engagementCounts(({ count }, place) => closed[count] + (recent?.[place] ?? 0));
}

const toReply = (behind: boolean, answer: Engagement | Engagement[]): Reply => ({
  status: behind ? FEED_STATUSES.behind : FEED_STATUSES.ok,
  payload: Buffer.from(JSON.stringify(answer)),
});

function recentCounts(index: TimelineIndex, object: ObjectRef, from: Microseconds): number[] {
  const sums = ENGAGEMENTS.map(() => 0);
  for (const { start, counts } of index.recent.get(keyOfObject(object))?.hours ?? []) {
    if (start >= from) addCounts(sums, counts);
  }
  return sums;
}
