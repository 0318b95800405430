import type { StreamPosition } from '@activity-feed/contracts';
import type { Pool } from 'pg';

/** How many of the given positions the projector has not reached. Relies on the primary key of applied_versions. */
const MISSING = `
SELECT FROM unnest($1::text[], $2::int[], $3::bigint[]) AS wanted(source, stream, version)
LEFT JOIN applied_versions AS applied USING (source, stream)
WHERE applied.version IS NULL OR applied.version < wanted.version`;

/** Milliseconds until another instance's progress is looked for: at first, and at last after doubling. */
const POLL = [10, 200] as const;

type Stream = Pick<StreamPosition, 'source' | 'stream'>;

interface Waiter {
  streams: string[];
  wake(): void;
}

/** Lets a reader wait for what it must be able to see. */
export class AppliedVersions {
  private readonly waiters = new Set<Waiter>();

  constructor(private readonly pool: Pool) {}

  /** Says that the projector of this process has committed events of `streams`. */
  changed(streams: Stream[]): void {
    if (this.waiters.size === 0) return;
    const names = new Set(streams.map(nameOf));
    for (const waiter of this.waiters) if (waiter.streams.some((name) => names.has(name))) waiter.wake();
  }

  /** Whether all `positions` are applied; false when that takes longer than `limit` milliseconds. */
  async reach(positions: StreamPosition[], limit: number): Promise<boolean> {
    if (positions.length === 0) return true;
    const end = Date.now() + limit;
    for (let poll: number = POLL[0]; ; poll = Math.min(2 * poll, POLL[1])) {
      // Asked for before the look, so that a commit in between is not missed.
      const change = this.nextChange(positions.map(nameOf), Math.min(poll, end - Date.now()));
      if (await this.has(positions)) {
        change.wake();
        return true;
      }
      if (Date.now() >= end) return false;
      await change.happened;
    }
  }

  private async has(positions: StreamPosition[]): Promise<boolean> {
    const columns = (['source', 'stream', 'version'] as const).map((name) =>
      positions.map((position) => position[name]),
    );
    const { rowCount } = await this.pool.query(MISSING, columns);
    return rowCount === 0;
  }

  private nextChange(streams: string[], within: number): { happened: Promise<void>; wake(): void } {
    const { promise: happened, resolve } = Promise.withResolvers<void>();
    const waiter: Waiter = {
      streams,
      wake: () => {
        clearTimeout(timer);
        this.waiters.delete(waiter);
        resolve();
      },
    };
    const timer = setTimeout(waiter.wake, within);
    this.waiters.add(waiter);
    return { happened, wake: waiter.wake };
  }
}

const nameOf = ({ source, stream }: Stream) => `${source}.${stream}`;
