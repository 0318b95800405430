import { type ActivityGroup, fromMicroseconds, sqlEventTime } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import type { FilledDays } from '../aggregates/filled-days';
import { filledName } from '../aggregates/relations';
import type { IdArray } from '../hypertable/id-array';
import { wideningSlices } from '../hypertable/widening-window';
import type { GroupPosition } from '../timeline-index/queries/grouped-rows';

/** Up to so many actors an index scan for each is quicker than reading days newest first and probing a hash. */
const FEW_ACTORS = 100;

/**
 * Days of the first slice of one actor, and less of it the more there are. Few actors have few groups a day, and rows
 * that are theirs are found by the index: what costs is another statement for each slice.
 */
const DAYS_OF_ONE = 64;

/** A group with its place in the order of all groups. */
export type PlacedGroup = ActivityGroup & GroupPosition;

const IN_ORDER = `day DESC, first_time DESC, actor_id DESC, verb COLLATE "C" DESC,
         coalesce(object_type, '') COLLATE "C" DESC`;

/** The days of a slice behind a place; `day` alone excludes chunks and is in the indexes. */
const BEHIND = `day >= $2::timestamptz AND day < $3::timestamptz AND day <= $4::timestamptz
  AND (first_time, actor_id, verb COLLATE "C", coalesce(object_type, '') COLLATE "C") < ($4, $5, $6, $7)`;

/** For few actors, by the index (actor_id, day). Materialized, since the limit would tempt the planner to the other. */
const byActor = (relation: string) => `
  WITH found AS MATERIALIZED (SELECT * FROM ${relation} WHERE actor_id = ANY ($1::int[]) AND ${BEHIND})
  SELECT * FROM found ORDER BY ${IN_ORDER} LIMIT $8`;

/** For many, by the index (day, first_time): written so that the planner hashes them. */
const byDay = (relation: string) => `
  SELECT * FROM ${relation} WHERE (actor_id IN (SELECT unnest($1::int[]))) IS TRUE AND ${BEHIND}
  ORDER BY ${IN_ORDER} LIMIT $8`;

const withNames = (page: string) => `
SELECT users.name AS actor_name, verb, object_type, activities::float8 AS count,
       CASE WHEN object_type IS NULL THEN '{}' ELSE object_ids END::float8[] AS object_ids,
       to_char(day AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, ${sqlEventTime('first_time')} AS time,
       (extract(epoch FROM first_time) * 1000000)::float8 AS "firstTime", actor_id AS "actorId",
       coalesce(object_type, '') AS "objectType"
FROM (${page}) AS page JOIN users ON users.id = actor_id ORDER BY ${IN_ORDER.replace('day', 'page.day')}`;

const AGGREGATE = 'actor_activity_daily';
/** What has to be grouped first has no order, and would be grouped for all actors if these were in a hash. */
const WHOLE = withNames(byActor(AGGREGATE));
/** Of the rows that are materialised. */
const FILLED = { few: withNames(byActor(filledName(AGGREGATE))), many: withNames(byDay(filledName(AGGREGATE))) };

/** Of what is there, and of what retention has dropped. */
const FLOOR = `
SELECT (extract(epoch FROM least(
  (SELECT min(time) FROM activities),
  (SELECT filled_from FROM aggregate_progress WHERE aggregate = '${AGGREGATE}'))) * 1000000)::float8 AS floor`;

export interface ClosedGroupsRequest {
  actors: IdArray;
  /** A day's start, microseconds since 1970: groups of days before it; of all days without it. */
  until: number | undefined;
  before: GroupPosition | undefined;
  limit: number;
}

/** Reads groups from the aggregate, by stretches of days that widen while the page is short. */
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
    const end = until === undefined ? 'infinity' : toTime(until);
    const place = before
      ? [toTime(before.firstTime), before.actorId, before.verb, before.objectType]
      : ['infinity', 0, '', ''];
    const start = Math.min(until ?? Date.now() * 1_000, before?.firstTime ?? Number.POSITIVE_INFINITY);
    const firstDays = Math.max(1, Math.floor(DAYS_OF_ONE / actors.length));
    let floor: number | undefined;
    for (const { from, to } of wideningSlices(toTime(start), firstDays)) {
      const slice = [from, to === undefined || to > end ? end : to];
      const { rows } = await this.pool.query<PlacedGroup>(statement, [
        actors.parameter,
        ...slice,
        ...place,
        limit - groups.length,
      ]);
      groups.push(...rows);
      if (groups.length === limit) break;
      // However many actors: those who fill no page in a day have few rows, which their index finds.
      if (isFilled) statement = FILLED.few;
      floor ??= await this.readFloor();
      if (from <= toTime(floor)) break;
    }
    return groups;
  }

  /** The time of the oldest activity of all; the far future when there is none. */
  private async readFloor(): Promise<number> {
    const { rows } = await this.pool.query<{ floor: number | null }>(FLOOR);
    return rows[0]?.floor ?? Number.MAX_SAFE_INTEGER;
  }
}

const toTime = (microseconds: number) => fromMicroseconds(BigInt(microseconds));
