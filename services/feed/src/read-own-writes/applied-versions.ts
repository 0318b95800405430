import type { StreamPosition } from '@activity-feed/contracts';
import type { Pool } from 'pg';

/** How many of the given positions the projector has not reached. Relies on the primary key of applied_versions. */
const MISSING = `
SELECT FROM unnest($1::text[], $2::int[], $3::bigint[]) AS wanted(source, stream, version)
LEFT JOIN applied_versions AS applied USING (source, stream)
WHERE applied.version IS NULL OR applied.version < wanted.version`;

/** Milliseconds until another instance's progress is looked for; doubled each time up to the second. */
const POLL = [10, 200] as const;

/** Lets a reader wait for what it must be able to see. */
export class AppliedVersions {
  private readonly waiting = new Set<() => void>();

  constructor(private readonly pool: Pool) {}

  /** Says that the projector of this process has committed something. */
  changed(): void {
    for (const wake of this.waiting) wake();
  }

  /** Whether all `positions` are applied; false when that takes longer than `limit` milliseconds. */
  async reach(positions: StreamPosition[], limit: number): Promise<boolean> {
    const end = Date.now() + limit;
    for (let poll: number = POLL[0]; ; poll = Math.min(2 * poll, POLL[1])) {
      // Asked for before the look, so that a commit in between is not missed.
      const change = this.nextChange(poll);
      if (await this.has(positions)) return true;
      if (Date.now() >= end) return false;
      await change;
    }
  }

  private async has(positions: StreamPosition[]): Promise<boolean> {
    if (positions.length === 0) return true;
    const columns = (['source', 'stream', 'version'] as const).map((name) =>
      positions.map((position) => position[name]),
    );
    const { rowCount } = await this.pool.query(MISSING, columns);
    return rowCount === 0;
  }

  private nextChange(within: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, within);
      this.waiting.add(wake);
    });
  }
}
