import {
  ENGAGEMENTS,
  type Milliseconds,
  OBJECT_TYPES,
  type ObjectType,
  TRENDING_WINDOWS,
  type TrendingWindow,
} from '@activity-feed/contracts';
import type { Pool } from 'pg';
import type { HiddenIds } from '../activity/hiding';
import { IS_KNOWN_TYPE, isInTrends } from '../activity/known-kinds';
import { ALL_MOVED } from '../activity/moved-sql';
import { objectOf } from '../activity/object-key';
import { BUCKET_LENGTH } from '../aggregates/aggregate-time';
import { COUNTS } from '../aggregates/engagement-sql';
import { misplaced } from '../aggregates/misplaced-sql';
import { type ReadOfClosedBuckets, readThroughNotes } from '../aggregates/read-through-notes';
import { hiddenParameters, hiddenValues, ownerParameters, ownerValues, sqlIsVisible } from '../hypertable/hidden-sql';
import type { IdArray } from '../hypertable/id-array';
import {
  isShown,
  LIST_LENGTH,
  TRENDING_OBJECTS,
  TRENDING_OF_OBJECTS,
  trendingAmongActors,
  trendingOfOthers,
} from '../score-trends/score-sql';
import { weightsOf } from '../score-trends/weights';
import { boundsOf, type ClosedList, type ClosedObject, keyOf, withoutNoted } from './rank';

/** The hours of a list. */
const RANGE = { from: '$4::timestamptz', to: '$5::timestamptz' };
const IS_OF_TYPE = `${isInTrends('$3')} AND ${IS_KNOWN_TYPE}`;
/** Whether an object is noted in those hours. */
const IS_IN_LIST = `hour >= ${RANGE.from} AND hour < ${RANGE.to} AND ${IS_OF_TYPE}`;

/** Objects that the list may show otherwise than they are: noted ones, and those with activities that are to be moved. */
const CHANGED = `
SELECT object_type, object_id FROM noted_objects WHERE ${IS_IN_LIST}
UNION
SELECT object_type, object_id FROM (${misplaced('object_type, object_id', RANGE, 'false')}) AS misplaced WHERE ${IS_OF_TYPE}
UNION
SELECT object_type, object_id FROM object_states WHERE deleted AND NOT moved AND ${IS_OF_TYPE}`;

const listOf = (columns: string, condition: string) => `
SELECT object_type, object_id, owner_id, name AS owner_name, ${COUNTS}, score${columns}
FROM trending_lists AS list
LEFT JOIN (trending_objects JOIN users ON users.id = owner_id) AS objects
       ON objects.window_name = list.window_name AND objects.hour = list.hour
      AND ${isInTrends('$3')} AND ${IS_KNOWN_TYPE} AND ${isShown('objects', '$4::timestamptz')}
WHERE list.window_name = $1 AND list.hour = $2::timestamptz${condition}`;

/**
 * A stored list and, not listed, the objects that have changed in its hours: a note is deleted only after the lists
 * contain its activity. No listed row if there is no list for that hour, one row without an object if it is empty.
 */
const STORED_LIST: ReadOfClosedBuckets = {
  plain: `
${listOf('', ` AND NOT EXISTS (SELECT FROM noted_objects WHERE ${IS_IN_LIST}) AND ${ALL_MOVED}`)} ORDER BY rank`,
  noted: `
${listOf(', rank, true AS listed', '')}
UNION ALL
SELECT object_type, object_id, NULL::int, NULL, ${ENGAGEMENTS.map(() => '0::bigint').join(', ')}, 0::bigint, NULL::int, false
FROM (${CHANGED}) AS changed
ORDER BY rank`,
};

interface StoredObject extends ClosedObject {
  /** Undefined in a list without notes. */
  listed?: boolean;
}

const withOwners = (objects: string) => `
SELECT object_type, object_id, owner_id, users.name AS owner_name, ${COUNTS}, score
FROM (${objects}) AS objects JOIN users ON users.id = owner_id ORDER BY score DESC, object_type, object_id DESC`;

const readWithOwners = ({ plain, noted }: ReadOfClosedBuckets): ReadOfClosedBuckets => ({
  plain: withOwners(plain),
  noted: withOwners(noted),
});

const BEST = readWithOwners(TRENDING_OBJECTS);
/** Without the objects of hidden owners, and without comments on them. */
const VISIBLE_BEST = readWithOwners(trendingOfOthers(ownerParameters(7)));
const OF_OBJECTS = readWithOwners(TRENDING_OF_OBJECTS);
const AMONG_ACTORS = readWithOwners(trendingAmongActors('true'));
const VISIBLE_AMONG_ACTORS = readWithOwners(trendingAmongActors(sqlIsVisible(hiddenParameters(8))));

/** The activity that added a comment has the owner of what it hangs on as its target. Relies on the index by comment. */
const ROOT_OWNERS = `
SELECT comment_id::float8 AS id, target_id AS owner FROM activities WHERE comment_id = ANY ($1::bigint[])`;

/** A window as of an hour (its start). */
export interface TrendingTime {
  window: TrendingWindow;
  hour: Milliseconds;
}

export const windowStart = ({ window, hour }: TrendingTime): Milliseconds =>
  hour - TRENDING_WINDOWS[window] * BUCKET_LENGTH.hour;

/** Reads trending objects from the database. `until` is the start of an hour. */
export class ClosedTrends {
  constructor(private readonly pool: Pool) {}

  /** The best objects before `until`: the stored list, or computed from the aggregate while there is none. */
  async best(time: TrendingTime, type: ObjectType | undefined, until: Milliseconds): Promise<ClosedList> {
    return (await this.stored(time, type, until)) ?? (await this.computed(time, type, until));
  }

  /** The scores of objects, given by key, before `until`; omits objects without any. */
  async of(time: TrendingTime, keys: readonly number[], until: Milliseconds): Promise<ClosedObject[]> {
    const objects = keys.map(objectOf);
    const found = OBJECT_TYPES.map(async (wanted) => {
      const ids = objects.filter(({ type }) => type === wanted).map(({ id }) => id);
      if (ids.length === 0) return [];
      return readThroughNotes<ClosedObject>(this.pool, OF_OBJECTS, [...values(time, until), wanted, ids]);
    });
    return (await Promise.all(found)).flat();
  }

  /** The best objects up to now, without the index. */
  async now(time: TrendingTime, type: ObjectType | undefined, limit: number): Promise<ClosedObject[]> {
    return readThroughNotes<ClosedObject>(this.pool, BEST, [...values(time, 'infinity'), type ?? null, limit]);
  }

  /** The best objects before `until` whose owners are not hidden; see {@link best}. Computed from the aggregate. */
  async ofOthers(
    hidden: HiddenIds,
    time: TrendingTime,
    type: ObjectType | undefined,
    until: Milliseconds | 'infinity',
    limit = LIST_LENGTH,
  ): Promise<ClosedList> {
    const all = [...values(time, until), type ?? null, limit, ...ownerValues(hidden)];
    const objects = await readThroughNotes<ClosedObject>(this.pool, VISIBLE_BEST, all);
    return { objects, bounds: boundsOf(objects, limit) };
  }

  /** The owners of what comments, given by id, hang on, as far as their activities are kept. */
  async rootOwnersOf(comments: readonly number[]): Promise<Map<number, number>> {
    const { rows } = await this.pool.query<{ id: number; owner: number }>(ROOT_OWNERS, [comments]);
    return new Map(rows.map(({ id, owner }) => [id, owner]));
  }

  /** Of what the actors did that is visible. */
  async among(
    { actors, hidden }: { actors: IdArray; hidden?: HiddenIds | undefined },
    time: TrendingTime,
    type: ObjectType | undefined,
    limit: number,
  ): Promise<ClosedObject[]> {
    const all = [...values(time, 'infinity'), type ?? null, limit, actors.parameter];
    if (!hidden) return readThroughNotes<ClosedObject>(this.pool, AMONG_ACTORS, all);
    return readThroughNotes<ClosedObject>(this.pool, VISIBLE_AMONG_ACTORS, [...all, ...hiddenValues(hidden)]);
  }

  private async stored(
    time: TrendingTime,
    type: ObjectType | undefined,
    until: Milliseconds,
  ): Promise<ClosedList | undefined> {
    const [from, to, hour] = values(time, until);
    const all = [time.window, hour, type ?? null, from, to];
    const rows = await readThroughNotes<StoredObject>(this.pool, STORED_LIST, all);
    const stored = rows.filter(({ listed }) => listed !== false);
    if (stored.length === 0) return undefined;
    const noted = rows.filter(({ listed }) => listed === false).map(keyOf);
    const list = withoutNoted(
      stored.filter(({ object_id }) => object_id !== null),
      new Set(noted),
    );
    // A noted object is in the list as it was at some time. Its score now is that of this list or a later one.
    return list && { ...list, objects: [...list.objects, ...(await this.of(time, noted, until))] };
  }

  private async computed(time: TrendingTime, type: ObjectType | undefined, until: Milliseconds): Promise<ClosedList> {
    const all = [...values(time, until), type ?? null, LIST_LENGTH];
    const objects = await readThroughNotes<ClosedObject>(this.pool, BEST, all);
    return { objects, bounds: boundsOf(objects, LIST_LENGTH) };
  }
}

function values(time: TrendingTime, until: Milliseconds | 'infinity') {
  return [
    new Date(windowStart(time)),
    until === 'infinity' ? until : new Date(until),
    new Date(time.hour),
    weightsOf(time.window),
  ];
}
