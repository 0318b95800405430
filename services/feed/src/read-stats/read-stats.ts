import {
  FEED_STATUSES,
  type HourlyActivity,
  type Milliseconds,
  type StatsQuery,
  sqlEventTime,
} from '@activity-feed/contracts';
import type { Reply } from '@activity-feed/link';
import type { Pool } from 'pg';
import { IS_KNOWN_VERB } from '../activity/known-kinds';
import { ALL_MOVED } from '../activity/moved-sql';
import { BUCKET_LENGTH, bucketStart } from '../aggregates/aggregate-time';
import { onlyWithContinuousAggregates } from '../aggregates/notes-sql';
import { type ReadOfClosedBuckets, readThroughNotes } from '../aggregates/read-through-notes';

const hoursFrom = (relation: string) => `
SELECT ${sqlEventTime('hour')} AS hour, verb, activities::float8 AS activities, actors::float8 AS actors
FROM ${relation} AS hours WHERE hour >= $1::timestamptz AND hour <= $2::timestamptz AND ${IS_KNOWN_VERB}
ORDER BY hours.hour DESC, verb COLLATE "C"`;

/** A continuous aggregate is as it was at its last refresh. A view counts all activities, so it can count what is visible. */
const HOURS: ReadOfClosedBuckets = {
  plain: hoursFrom(`(SELECT * FROM verb_activity_hourly WHERE ${onlyWithContinuousAggregates} OR ${ALL_MOVED})`),
  noted: hoursFrom(`(
  SELECT * FROM verb_activity_hourly WHERE ${onlyWithContinuousAggregates}
  UNION ALL
  SELECT time_bucket('1 hour', time) AS hour, verb, count(*), count(DISTINCT actor_id) FROM visible_activities
  WHERE NOT (${onlyWithContinuousAggregates}) AND time >= $1::timestamptz AND time < $2::timestamptz + interval '1 hour'
  GROUP BY 1, 2)`),
};

export interface ReadStatsOptions {
  pool: Pool;
  now(): Milliseconds;
}

/** Counts the activities of all users in each of the latest hours, by verb, from the aggregate alone. */
export class ReadStats {
  constructor(private readonly options: ReadStatsOptions) {}

  async read({ hours }: StatsQuery): Promise<Reply> {
    const { pool, now } = this.options;
    const latest = bucketStart('hour', now());
    const first = latest - (hours - 1) * BUCKET_LENGTH.hour;
    const values = [new Date(first), new Date(latest)];
    const stats = await readThroughNotes<HourlyActivity>(pool, HOURS, values);
    return { status: FEED_STATUSES.ok, payload: Buffer.from(JSON.stringify({ stats })) };
  }
}
