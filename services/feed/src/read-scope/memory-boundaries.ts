import type { Milliseconds } from '@activity-feed/contracts';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import { type Bucket, memoryDays, memoryHours } from '../aggregates/aggregate-time';
import type { TimeRange } from '../aggregates/time-range';
import { isProjected } from '../consume-log/projection-offsets';
import type { IndexProcess } from '../load-index/index-process';
import { MemoryBoundary } from './memory-boundary';

/** Milliseconds. The database is queried only if a boundary should move. */
const MOVE = 10_000;

const LAST_NOTE = 'SELECT coalesce(max(id), 0)::text AS id FROM late_activities';

/** Late activities are missing in the aggregates until the refresher has deleted the note. */
const UNREFRESHED = `
SELECT FROM late_activities WHERE id <= $1 AND hour >= $2::timestamptz AND hour < $3::timestamptz LIMIT 1`;

type IndexProgress = Pick<IndexProcess, 'reached' | 'loadedUntil'>;

/** The boundaries between memory and database for days and hours. */
export function memoryBoundaries(
  process: IndexProgress,
  pool: Pool,
  now: () => Milliseconds = Date.now,
): Record<Bucket, MemoryBoundary> {
  const mark = (range: TimeRange) => markOf(process, pool, range);
  const loadedUntil = () => process.loadedUntil;
  const boundary = (boundaryAt: (time: Milliseconds) => Milliseconds) =>
    new MemoryBoundary({ boundaryAt, now, loadedUntil, mark });
  return { day: boundary(memoryDays), hour: boundary(memoryHours) };
}

/**
 * Moves the boundaries even without reads. Otherwise, if the projector is behind when the first read arrives after hours,
 * the boundary may be older than what memory keeps.
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

/**
 * Notes the index's progress. The result says whether the database has caught up with it, and the aggregates include the
 * late activities of the range.
 */
export function markOf(process: IndexProgress, pool: Pool, { from, to }: TimeRange): () => Promise<boolean> {
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
