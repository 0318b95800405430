import {
  type Milliseconds,
  OBJECT_TYPES,
  type ObjectType,
  TRENDING_WINDOWS,
  type TrendingWindow,
} from '@activity-feed/contracts';
import type { Pool } from 'pg';
import { IS_KNOWN_TYPE } from '../activity/known-kinds';
import { BUCKET_LENGTH } from '../aggregates/aggregate-time';
import { COUNTS } from '../aggregates/engagement-sql';
import {
  LIST_LENGTH,
  TRENDING_AMONG_ACTORS,
  TRENDING_OBJECTS,
  TRENDING_OF_OBJECTS,
  weightsOf,
} from '../aggregates/trending-sql';
import type { IdArray } from '../hypertable/id-array';
import { boundsOf, type ClosedList, type ClosedObject } from './rank';

/** A stored list. No row if there is none for that hour, one row without an object if it is empty. */
const STORED_LIST = `
SELECT object_type, object_id, name AS owner_name, ${COUNTS}, score
FROM trending_lists AS list
LEFT JOIN (trending_objects JOIN users ON users.id = owner_id) AS objects
       ON objects.window_name = list.window_name AND objects.hour = list.hour
      AND ($3::text IS NULL OR object_type = $3) AND ${IS_KNOWN_TYPE}
WHERE list.window_name = $1 AND list.hour = $2::timestamptz
ORDER BY rank`;

const withOwners = (objects: string) => `
SELECT object_type, object_id, users.name AS owner_name, ${COUNTS}, score
FROM (${objects}) AS objects JOIN users ON users.id = owner_id ORDER BY score DESC, object_type, object_id DESC`;

const BEST = withOwners(TRENDING_OBJECTS);
const OF_OBJECTS = withOwners(TRENDING_OF_OBJECTS);
const AMONG_ACTORS = withOwners(TRENDING_AMONG_ACTORS);

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
    return (await this.stored(time, type)) ?? (await this.computed(time, type, until));
  }

  /** The scores of `ids` before `until`; omits objects without likes and shares. */
  async of(time: TrendingTime, type: ObjectType, ids: readonly number[], until: Milliseconds): Promise<ClosedObject[]> {
    return (await this.pool.query<ClosedObject>(OF_OBJECTS, [...values(time, until), type, ids])).rows;
  }

  /** The best objects up to now, without the index. */
  async now(time: TrendingTime, type: ObjectType | undefined, limit: number): Promise<ClosedObject[]> {
    return (await this.pool.query<ClosedObject>(BEST, [...values(time, 'infinity'), type ?? null, limit])).rows;
  }

  async among(
    actors: IdArray,
    time: TrendingTime,
    type: ObjectType | undefined,
    limit: number,
  ): Promise<ClosedObject[]> {
    const all = [...values(time, 'infinity'), type ?? null, limit, actors.parameter];
    return (await this.pool.query<ClosedObject>(AMONG_ACTORS, all)).rows;
  }

  private async stored({ window, hour }: TrendingTime, type: ObjectType | undefined): Promise<ClosedList | undefined> {
    const { rows } = await this.pool.query<ClosedObject>(STORED_LIST, [window, new Date(hour), type ?? null]);
    if (rows.length === 0) return undefined;
    const objects = rows.filter(({ object_id }) => object_id !== null);
    const bounds = OBJECT_TYPES.map((type) => {
      const ofType = objects.filter(({ object_type }) => object_type === type);
      return [type, boundsOf(ofType, LIST_LENGTH)[type]] as const;
    });
    return { objects, bounds: Object.fromEntries(bounds) as ClosedList['bounds'] };
  }

  private async computed(time: TrendingTime, type: ObjectType | undefined, until: Milliseconds): Promise<ClosedList> {
    const all = [...values(time, until), type ?? null, LIST_LENGTH];
    const { rows: objects } = await this.pool.query<ClosedObject>(BEST, all);
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
