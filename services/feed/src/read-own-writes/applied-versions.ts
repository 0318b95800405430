import { type RequiredVersions, SOURCES, type Source, type StreamPosition, TOPICS } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import type { WaitClock } from './wait-clock';
import type { WaitingReads } from './waiting-reads';

/**
 * The positions that the projector has not applied, and the sum of its offsets in each topic. Relies on the primary key of
 * applied_versions; projection_offsets has a row per partition.
 */
const LOOK = `
SELECT ARRAY(
  SELECT wanted.place::int FROM unnest($1::text[], $2::int[], $3::bigint[]) WITH ORDINALITY AS wanted(source, stream, version, place)
  LEFT JOIN applied_versions AS applied USING (source, stream)
  WHERE applied.version IS NULL OR applied.version < wanted.version
) AS missing, ARRAY(
  SELECT coalesce((SELECT sum(next_offset) FROM projection_offsets AS offsets WHERE offsets.topic = topics.topic), 0)::text
  FROM unnest($4::text[]) WITH ORDINALITY AS topics(topic, place) ORDER BY place
) AS progress`;

const TOPIC_NAMES = SOURCES.map((source) => TOPICS[source]);

/** Milliseconds between polls for the progress of another instance: initial and, after doubling, maximum. */
const POLL = [10, 200] as const;

type Stream = Pick<StreamPosition, 'source' | 'stream'>;

interface Waiter {
  streams: string[];
  wake(): void;
}

/** Lets reads wait until the database has their required versions. */
export class AppliedVersions {
  private readonly waiters = new Set<Waiter>();
  /** The sum of each topic's offsets at the last poll. */
  private readonly progress = new Map<Source, string>();

  constructor(
    private readonly pool: Pool,
    private readonly waiting: WaitingReads,
  ) {}

  /** To be called when the projector of this process has committed events of `streams`. */
  changed(streams: Stream[]): void {
    if (this.waiters.size === 0) return;
    const names = new Set(streams.map(nameOf));
    for (const waiter of this.waiters) if (waiter.streams.some((name) => names.has(name))) waiter.wake();
  }

  /**
   * Whether everything required is applied. Resolves to false when `budget` is used up, or immediately if waiting is
   * pointless. Rejects with UnverifiedVersion.
   */
  async reach(required: RequiredVersions, budget: WaitClock): Promise<boolean> {
    if (required.atLeast.length === 0) return true;
    const missing = await this.missing(required.atLeast);
    if (missing.length === 0) return true;
    const wait = this.waiting.begin(missing, required);
    if (!wait) return false;
    let stillMissing = missing;
    try {
      stillMissing = await this.wait(missing, budget);
    } finally {
      wait.end(stillMissing);
    }
    return stillMissing.length === 0;
  }

  /** Those of `positions` that the projector has not applied. */
  async missing(positions: readonly StreamPosition[]): Promise<StreamPosition[]> {
    const columns = (['source', 'stream', 'version'] as const).map((name) =>
      positions.map((position) => position[name]),
    );
    const { rows } = await this.pool.query<{ missing: number[]; progress: string[] }>(LOOK, [...columns, TOPIC_NAMES]);
    const { missing, progress } = rows[0] as { missing: number[]; progress: string[] };
    for (const [index, source] of SOURCES.entries()) {
      if (this.progress.get(source) === progress[index]) continue;
      this.progress.set(source, progress[index] as string);
      this.waiting.arrived(source);
    }
    return missing.map((place) => positions[place - 1] as StreamPosition);
  }

  private async wait(missing: StreamPosition[], budget: WaitClock): Promise<StreamPosition[]> {
    for (let poll: number = POLL[0]; ; poll = Math.min(2 * poll, POLL[1])) {
      // Registered before the query, so that a commit in between is not missed.
      const change = this.nextChange(missing, Math.min(poll, budget.left));
      try {
        const stillMissing = (await budget.within(this.missing(missing))) ?? missing;
        if (stillMissing.length === 0 || budget.left === 0) return stillMissing;
        await change.happened;
      } finally {
        change.wake();
      }
    }
  }

  private nextChange(positions: StreamPosition[], within: number): { happened: Promise<void>; wake(): void } {
    const { promise: happened, resolve } = Promise.withResolvers<void>();
    const waiter: Waiter = {
      streams: positions.map(nameOf),
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
