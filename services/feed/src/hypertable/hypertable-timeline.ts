import { type EventTime, fromMicroseconds, fromMilliseconds, sqlEventTime } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import { IS_KNOWN } from '../activity/known-kinds';
import { ALL_MOVED } from '../activity/moved-sql';
import { hiddenParameters, hiddenValues, sqlIsVisible } from './hidden-sql';
import type { PageRequest, PlacedEntry } from './placed-entry';
import { wideningSlices } from './widening-window';

/** Up to this number of actors, one index scan each is faster than walking the slice newest first and probing a hash. */
const FEW_ACTORS = 100;

/** `time <= $4` is implied by the row comparison, but only it excludes chunks. */
const IN_SLICE = `time >= $2 AND time < $3 AND time <= $4 AND (time, event_id) < ($4, $5::uuid) AND ${IS_KNOWN}`;

/** A slice of `relation`, of rows that meet another condition. */
type Slice = (relation: string, condition: string) => string;

/**
 * For few actors; uses the index activities_of_actor. MATERIALIZED, because the limit otherwise makes the planner walk
 * activities_in_order through whole chunks without a match.
 */
const byActor: Slice = (relation, condition) => `(
  WITH found AS MATERIALIZED (SELECT * FROM ${relation} WHERE actor_id = ANY ($1::int[]) AND ${IN_SLICE} AND ${condition})
  SELECT * FROM found ORDER BY time DESC, event_id DESC LIMIT $6
)`;

/** For many actors: `IS TRUE` makes the planner hash them and walk the index activities_in_order. */
const byTime: Slice = (relation, condition) => `(
  SELECT * FROM ${relation} WHERE (actor_id IN (SELECT unnest($1::int[]))) IS TRUE AND ${IN_SLICE} AND ${condition}
  ORDER BY time DESC, event_id DESC LIMIT $6
)`;

const ENTRY = `
SELECT actor.name AS actor_name, verb, object_id, object_type, comment_id, target.name AS target_name,
       ${sqlEventTime('time')} AS time, event_id AS "eventId"`;

const withNames = (page: string) => `
${page} AS page
JOIN users AS actor ON actor.id = actor_id
LEFT JOIN users AS target ON target.id = target_id`;

const IN_ORDER = 'ORDER BY page.time DESC, event_id DESC';

/**
 * Two statements, each of one snapshot. `plain` returns one row without a time if activities are still to be moved. Then
 * `visible` reads those that are kept and those that are restored, each in the order of the page.
 */
const statementsOf = (slice: Slice, condition: string) => ({
  plain: `${ENTRY}
FROM (SELECT ${ALL_MOVED} AS all_moved) AS state LEFT JOIN (${withNames(slice('activities', condition))}) ON all_moved
WHERE page.time IS NOT NULL OR NOT all_moved ${IN_ORDER}`,
  visible: `${ENTRY}
FROM ${withNames(`(
  SELECT * FROM ${slice('kept_activities', condition)} AS kept
  UNION ALL SELECT * FROM ${slice('restored_activities', condition)} AS restored
  ORDER BY time DESC, event_id DESC LIMIT $6
)`)} ${IN_ORDER}`,
});

/** For viewers from whom nobody is hidden, and for the others. */
const statements = (slice: Slice) => ({
  all: statementsOf(slice, 'true'),
  visible: statementsOf(slice, sqlIsVisible(hiddenParameters(7))),
});
const BY_ACTOR = statements(byActor);
const BY_TIME = statements(byTime);
type Statements = ReturnType<typeof statementsOf>;

const FLOOR = `
SELECT ${sqlEventTime('least((SELECT min(time) FROM activities), (SELECT min(time) FROM hidden_activities))')} AS floor`;

/** Reads pages from the hypertable, within a time window that widens until the page is full. */
export class HypertableTimeline {
  constructor(private readonly pool: Pool) {}

  /** The `limit` newest visible activities of `actors` before a position, newest first by (time, event id). */
  async page({ actors, before, limit, hidden }: PageRequest): Promise<PlacedEntry[]> {
    const entries: PlacedEntry[] = [];
    if (actors.length === 0) return entries;
    const { all, visible } = actors.length <= FEW_ACTORS ? BY_ACTOR : BY_TIME;
    const { time = 'infinity', eventId = LAST_UUID } = before ?? {};
    let floor: EventTime | null | undefined;
    for (const { from, to } of wideningSlices(before?.time ?? now())) {
      const values: unknown[] = [actors.parameter, from, to ?? 'infinity', time, eventId, limit - entries.length];
      if (hidden) values.push(...hiddenValues(hidden));
      entries.push(...(await this.slice(hidden ? visible : all, values)));
      if (entries.length === limit) break;
      floor ??= await this.readFloor();
      // Event times have a fixed format, so their texts compare like the times.
      if (floor === null || from <= floor) break;
    }
    return entries;
  }

  private async slice({ plain, visible }: Statements, values: unknown[]): Promise<PlacedEntry[]> {
    const { rows } = await this.pool.query<PlacedEntry | { time: null }>(plain, values);
    const areMoved = (found: typeof rows): found is PlacedEntry[] => found[0]?.time !== null;
    return areMoved(rows) ? rows : (await this.pool.query<PlacedEntry>(visible, values)).rows;
  }

  private async readFloor(): Promise<EventTime | null> {
    const { rows } = await this.pool.query<{ floor: EventTime | null }>(FLOOR);
    return rows[0]?.floor ?? null;
  }
}

const LAST_UUID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const now = (): EventTime => fromMicroseconds(fromMilliseconds(Date.now()));
