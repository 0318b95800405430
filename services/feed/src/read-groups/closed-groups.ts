import {
  type ActivityGroup,
  fromMicroseconds,
  fromMilliseconds,
  type Microseconds,
  sqlEventTime,
  sqlMicroseconds,
} from '@activity-feed/contracts';
import type { Pool } from 'pg';
import { IS_KNOWN } from '../activity/known-kinds';
import type { FilledDays } from '../aggregates/filled-days';
import { filledName } from '../aggregates/relations';
import type { IdArray } from '../hypertable/id-array';
import { wideningSlices } from '../hypertable/widening-window';
import type { GroupPosition } from '../timeline-index/queries/grouped-rows';

/** Up to this number of actors, one index scan each is faster than walking days newest first and probing a hash. */
const FEW_ACTORS = 100;

/**
 * Days of the first slice for one actor, divided by the number of actors. Few actors have few groups a day, which the
 * index finds cheaply; each further slice costs a statement.
 */
const DAYS_OF_ONE = 64;

export type PlacedGroup = ActivityGroup & GroupPosition;

const IN_ORDER = `day DESC, first_time DESC, actor_id DESC, verb COLLATE "C" DESC,
         coalesce(object_type, '') COLLATE "C" DESC`;

/** A slice's groups after a position. Only conditions on `day` exclude chunks and use the indexes. */
const BEHIND = `day >= $2::timestamptz AND day < $3::timestamptz AND day <= $4::timestamptz
  AND (first_time, actor_id, verb COLLATE "C", coalesce(object_type, '') COLLATE "C") < ($4, $5, $6, $7)
  AND ${IS_KNOWN}`;

/** For few actors, by the index (actor_id, day). MATERIALIZED, since the limit makes the planner prefer the other index. */
const byActor = (relation: string) => `
  WITH found AS MATERIALIZED (SELECT * FROM ${relation} WHERE actor_id = ANY ($1::int[]) AND ${BEHIND})
  SELECT * FROM found ORDER BY ${IN_ORDER} LIMIT $8`;

/** For many actors, by the index (day, first_time): `IS TRUE` makes the planner hash the actors. */
const byDay = (relation: string) => `
  SELECT * FROM ${relation} WHERE (actor_id IN (SELECT unnest($1::int[]))) IS TRUE AND ${BEHIND}
  ORDER BY ${IN_ORDER} LIMIT $8`;

const withNames = (page: string) => `
SELECT users.name AS actor_name, verb, object_type, activities::float8 AS count,
       CASE WHEN object_type IS NULL THEN '{}' ELSE object_ids END::float8[] AS object_ids,
       to_char(day AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, ${sqlEventTime('first_time')} AS time,
       ${sqlMicroseconds('first_time')} AS "firstTime", actor_id AS "actorId",
       coalesce(object_type, '') AS "objectType"
FROM (${page}) AS page JOIN users ON users.id = actor_id ORDER BY ${IN_ORDER.replace('day', 'page.day')}`;

const AGGREGATE = 'actor_activity_daily';
/** Includes rows that are not materialised. By actor only: hashing would group the rows of all actors first. */
const WHOLE = withNames(byActor(AGGREGATE));
const FILLED = { few: withNames(byActor(filledName(AGGREGATE))), many: withNames(byDay(filledName(AGGREGATE))) };

/** The oldest time, including activities that retention has dropped. */
const FLOOR = `
SELECT ${sqlMicroseconds(`least(
  (SELECT min(time) FROM activities),
  (SELECT filled_from FROM aggregate_progress WHERE aggregate = '${AGGREGATE}'))`)} AS floor`;

export interface ClosedGroupsRequest {
  actors: IdArray;
  /** Only groups before this day (its start). */
  until: Microseconds | undefined;
  before: GroupPosition | undefined;
  limit: number;
}

/** Reads groups from the aggregate, by slices of days that widen until the page is full. */
export class ClosedGroups {
  constructor(
    private readonly pool: Pool,
    private readonly filled: FilledDays,
  ) {}

  async find({ actors, until, before, limit }: ClosedGroupsRequest): Promise<PlacedGroup[]> {
    const groups: PlacedGroup[] = [];
    if (actors.length === 0) return groups;
    const isFilled = until !== undefined && (await this.filled.cover(until));
    let statement = isFilled ? FILLED[actors.length <= FEW_ACTORS ? 'few' : 'many'] : WHOLE;
    const end = until === undefined ? 'infinity' : fromMicroseconds(until);
    const place = before
      ? [fromMicroseconds(before.firstTime), before.actorId, before.verb, before.objectType]
      : ['infinity', 0, '', ''];
    const latest = until ?? fromMilliseconds(Date.now());
    const start = before && before.firstTime < latest ? before.firstTime : latest;
    const firstDays = Math.max(1, Math.floor(DAYS_OF_ONE / actors.length));
    let floor: Microseconds | undefined;
    for (const { from, to } of wideningSlices(fromMicroseconds(start), firstDays)) {
      const slice = [from, to === undefined || to > end ? end : to];
      const { rows } = await this.pool.query<PlacedGroup>(statement, [
        actors.parameter,
        ...slice,
        ...place,
        limit - groups.length,
      ]);
      groups.push(...rows);
      if (groups.length === limit) break;
      // Even many actors have few rows if a day does not fill a page; the index by actor finds them.
      if (isFilled) statement = FILLED.few;
      floor ??= await this.readFloor();
      if (from <= fromMicroseconds(floor)) break;
    }
    return groups;
  }

  /** The far future if there are no activities. */
  private async readFloor(): Promise<Microseconds> {
    const { rows } = await this.pool.query<{ floor: Microseconds | null }>(FLOOR);
    return rows[0]?.floor ?? (Number.MAX_SAFE_INTEGER as Microseconds);
  }
}
