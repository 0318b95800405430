import type { Pool } from 'pg';
import { type Bucket, bucketStart, memoryDays, memoryHours } from '../aggregates/aggregate-time';
import type { Stretch } from '../aggregates/stretch';
import type { IndexProcess } from '../load-index/index-process';
import { isProjected } from '../project-activities/projection-offsets';
import { MemoryBorder } from './memory-border';

const LAST_NOTE = 'SELECT coalesce(max(id), 0)::text AS id FROM late_activities';

/** What was written late is not in the aggregates until the refresher has been there, and forgets the note. */
const UNREFRESHED = `
SELECT FROM late_activities WHERE id <= $1 AND hour >= $2::timestamptz AND hour < $3::timestamptz LIMIT 1`;

/** What tells how far the index is. */
type IndexedSoFar = Pick<IndexProcess, 'reached' | 'loadedUntil'>;

/** Where days and hours pass from memory to the database; `now` gives milliseconds since 1970. */
export function memoryBorders(process: IndexedSoFar, pool: Pool, now = Date.now): Record<Bucket, MemoryBorder> {
  const mark = (stretch: Stretch) => markOf(process, pool, stretch);
  const border = (bucket: Bucket, borderAt: (now: number) => number) => {
    const first = () => {
      const until = process.loadedUntil;
      return until === undefined ? undefined : bucketStart(bucket, until);
    };
    return new MemoryBorder({ borderAt, now, first, mark });
  };
  return { day: border('day', memoryDays), hour: border('hour', memoryHours) };
}

/** Tells whether the database has all that the index has now, and whether the aggregates show it in `stretch`. */
export function markOf(process: IndexedSoFar, pool: Pool, { from, to }: Stretch): () => Promise<boolean> {
  const offsets = process.reached();
  let lastNote: string | undefined;
  return async () => {
    if (lastNote === undefined) {
      if (!(await isProjected(pool, offsets))) return false;
      lastNote = (await pool.query<{ id: string }>(LAST_NOTE)).rows[0]?.id;
    }
    const { rowCount } = await pool.query(UNREFRESHED, [lastNote, new Date(from), new Date(to)]);
    return rowCount === 0;
  };
}
