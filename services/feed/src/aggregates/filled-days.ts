import { type Microseconds, sqlMicroseconds } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import { filledName } from './relations';

/** Milliseconds for which an answer is cached: filled days stay filled. */
const MAX_AGE = 5_000;

const FILLED = `
SELECT ${sqlMicroseconds('filled_until')} AS until FROM aggregate_progress
WHERE aggregate = $1 AND to_regclass($2) IS NOT NULL`;

/** Knows which days of an aggregate can be read from its materialised rows alone. */
export class FilledDays {
  private answer: Promise<number> | undefined;
  private requestedAt = 0;

  constructor(
    private readonly pool: Pool,
    private readonly aggregate: string,
  ) {}

  /** Whether all days before `time`, the start of a day, are materialised. */
  async cover(time: Microseconds): Promise<boolean> {
    const now = performance.now();
    if (!this.answer || now - this.requestedAt > MAX_AGE) {
      this.requestedAt = now;
      this.answer = this.read();
      this.answer.catch(() => {
        this.answer = undefined;
      });
    }
    return time <= (await this.answer);
  }

  private async read(): Promise<number> {
    const { rows } = await this.pool.query<{ until: number }>(FILLED, [this.aggregate, filledName(this.aggregate)]);
    return rows[0]?.until ?? Number.NEGATIVE_INFINITY;
  }
}
