import type { Pool } from 'pg';

interface Pending {
  filling: string | null;
  hours: number;
  seconds: number | null;
}

const PENDING = `
SELECT (SELECT string_agg(format('%s is filled until %s', left(aggregate, -5), to_char(filled_until, 'YYYY-MM-DD')), ', ')
        FROM aggregate_progress WHERE aggregate LIKE '%\\_next') AS filling,
       count(DISTINCT hour)::float8 AS hours,
       extract(epoch FROM now() - min(noted_at))::float8 AS seconds
FROM late_activities`;

/** What the aggregates still lack, as readiness shows it: `up` when nothing. */
export async function describePending(pool: Pool): Promise<string> {
  const { filling, hours, seconds } = await readPending(pool);
  if (filling) return filling;
  if (hours === 0) return 'up';
  return `${hours} late ${hours === 1 ? 'hour' : 'hours'}, the first for ${Math.round(seconds ?? 0)} s`;
}

export async function readPending(pool: Pool): Promise<Pending> {
  return (await pool.query<Pending>(PENDING)).rows[0] as Pending;
}
