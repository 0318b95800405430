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
import { BUCKET_LENGTH, bucketStart } from '../aggregates/aggregate-time';

const HOURS = `
SELECT ${sqlEventTime('hour')} AS hour, verb, activities::float8 AS activities, actors::float8 AS actors
FROM verb_activity_hourly WHERE hour >= $1::timestamptz AND hour <= $2::timestamptz AND ${IS_KNOWN_VERB}
ORDER BY verb_activity_hourly.hour DESC, verb COLLATE "C"`;

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
    const { rows: stats } = await pool.query<HourlyActivity>(HOURS, [new Date(first), new Date(latest)]);
    return { status: FEED_STATUSES.ok, payload: Buffer.from(JSON.stringify({ stats })) };
  }
}
