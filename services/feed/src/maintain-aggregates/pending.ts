import { type Milliseconds, sqlMilliseconds } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import { AGGREGATES } from '../aggregates/aggregate';
import { closedUntil } from '../aggregates/aggregate-time';
import { nextName } from '../refresh-aggregates/next-name';

/** The time in which the refresher should materialise a closed bucket. */
const GRACE: Milliseconds = 10 * 60_000;

export interface Pending {
  /** Hours with late activities. */
  hours: number;
  /** Age of the oldest note of late activities; null if there is none. */
  seconds: number | null;
  /** Continuous aggregates, including those that are still being filled. */
  filled: FilledAggregate[];
}

export interface FilledAggregate {
  name: string;
  until: Milliseconds;
  /** The time that is overdue. */
  lacks: Milliseconds;
  /** Whether it will replace the relation in use. */
  isNext: boolean;
}

const LATE = `
SELECT count(DISTINCT hour)::float8 AS hours, extract(epoch FROM now() - min(noted_at))::float8 AS seconds
FROM late_activities`;

const PROGRESS = `SELECT aggregate AS name, ${sqlMilliseconds('filled_until')} AS until FROM aggregate_progress`;

/** The state of the aggregates for the readiness check: `up` if nothing is pending. */
export async function describePending(pool: Pool): Promise<string> {
  const { filled, hours, seconds } = await readPending(pool);
  const unfilled = filled.filter(({ isNext, lacks }) => isNext || lacks > 0);
  if (unfilled.length > 0)
    return unfilled.map(({ name, until }) => `${name} is filled until ${minute(until)}`).join(', ');
  if (hours === 0) return 'up';
  return `${hours} late ${hours === 1 ? 'hour' : 'hours'}, the first for ${Math.round(seconds ?? 0)} s`;
}

export async function readPending(pool: Pool): Promise<Pending> {
  const [late, progress] = await Promise.all([
    pool.query<Pick<Pending, 'hours' | 'seconds'>>(LATE),
    pool.query<Pick<FilledAggregate, 'name' | 'until'>>(PROGRESS),
  ]);
  const untils = new Map(progress.rows.map(({ name, until }) => [name, until]));
  const filled = AGGREGATES.flatMap((aggregate) =>
    [aggregate.name, nextName(aggregate)].flatMap((name) => {
      const until = untils.get(name);
      if (until === undefined) return [];
      const lacks = Math.max(0, closedUntil(aggregate.bucket, Date.now() - GRACE) - until);
      return { name: aggregate.name, until, lacks, isNext: name !== aggregate.name };
    }),
  );
  return { ...(late.rows[0] as Pick<Pending, 'hours' | 'seconds'>), filled };
}

const minute = (time: Milliseconds) => new Date(time).toISOString().slice(0, 16).replace('T', ' ');
