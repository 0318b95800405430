import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import { type Bucket, memoryDays, memoryHours } from '../aggregates/aggregate-time';
import type { TimeRange } from '../aggregates/time-range';
import { isProjected } from '../consume-log/projection-offsets';
import type { IndexProcess } from '../load-index/index-process';
import { MemoryBoundary } from './memory-boundary';

/** Milliseconds. A look at the database is made only when a boundary should move. */
const MOVE = 10_000;

const LAST_NOTE = 'SELECT coalesce(max(id), 0)::text AS id FROM late_activities';

/** What was written late is not in the aggregates until the refresher has been there, and forgets the note. */
const UNREFRESHED = `
SELECT FROM late_activities WHERE id <= $1 AND hour >= $2::timestamptz AND hour < $3::timestamptz LIMIT 1`;

/** What says how far the index is. */
type IndexedSoFar = Pick<IndexProcess, 'reached' | 'loadedUntil'>;

/** Where days and hours pass from memory to the database. `now` returns milliseconds since 1970. */
export function memoryBoundaries(
  process: IndexedSoFar,
  pool: Pool,
  now: () => number = Date.now,
): Record<Bucket, MemoryBoundary> {
  const mark = (stretch: TimeRange) => markOf(process, pool, stretch);
  const loadedUntil = () => process.loadedUntil;
  const boundary = (boundaryAt: (time: number) => number) => new MemoryBoundary({ boundaryAt, now, loadedUntil, mark });
  return { day: boundary(memoryDays), hour: boundary(memoryHours) };
}

/**
 * Moves boundaries on though nobody reads: one that stood still for hours would be behind what memory keeps when the
 * first read comes while the projector is behind.
 */
export class MovingBoundaries implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly boundaries: Record<Bucket, MemoryBoundary>) {}

  onApplicationBootstrap(): void {
    const move = () => Promise.all(Object.values(this.boundaries).map((boundary) => boundary.now()));
    this.timer = setInterval(move, MOVE).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}

/** Tells whether the database has all that the index has now, and whether the aggregates show it in `stretch`. */
export function markOf(process: IndexedSoFar, pool: Pool, { from, to }: TimeRange): () => Promise<boolean> {
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
