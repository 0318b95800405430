import type { UserId } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import type { Effects } from '../activity/effects';
import type { WaitClock } from '../read-own-writes/wait-clock';
import { inTurns } from '../timeline-index/queries/in-turns';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { numbersOf, readFolloweesWithVersion } from './followees';

/** Milliseconds to wait for a database that is behind the index. */
const LIMIT = 1_000;
/** Milliseconds between polls for the progress of another instance: initial and, after doubling, maximum. */
const POLL = [10, 200] as const;
/** Readers that may wait for the projector; further readers get the database's list as it is. */
const MAX_WAITING = 64;

export interface LoadedFollowees {
  /** Numbers of users, ascending. */
  followees: Uint32Array;
  /** False if the database is behind the index. */
  current: boolean;
}

interface Loading {
  first: Promise<LoadedFollowees>;
  /** The result once the projector has caught up, or after {@link LIMIT}. */
  last: Promise<LoadedFollowees>;
}

interface Change {
  within(milliseconds: number): Promise<void>;
}

/** Loads a reader's followees from the database into the index. */
export class LoadFollowees {
  private readonly underWay = new Map<UserId, Loading>();
  /** Wakes the waiting loads, by reader. */
  private readonly waiting = new Map<UserId, () => void>();
  private behind = 0;

  /** The size of `pool` limits the concurrent lookups. */
  constructor(
    private readonly pool: Pool,
    private readonly index: TimelineIndex,
  ) {}

  /** Waits for the projector as long as `budget` allows; then returns the list as the database has it. */
  async load(reader: UserId, budget: WaitClock): Promise<LoadedFollowees> {
    const { first, last } = this.underWay.get(reader) ?? this.begin(reader);
    const list = await first;
    return list.current ? list : ((await budget.within(last)) ?? list);
  }

  /** To be called with what the projector of this process has committed. */
  applied(effects: readonly Effects[]): void {
    if (this.waiting.size === 0) return;
    for (const { source, stream } of effects) if (source === 'social-graph') this.waiting.get(stream as UserId)?.();
  }

  private begin(reader: UserId): Loading {
    // Registered before the query, so that a commit in between is not missed.
    const change = this.nextChange(reader);
    const first = this.select(reader);
    const last = this.becomeCurrent(reader, first, change).finally(() => {
      this.waiting.delete(reader);
      this.underWay.delete(reader);
    });
    // A failure is reported through `first`.
    last.catch(() => undefined);
    const loading = { first, last };
    this.underWay.set(reader, loading);
    return loading;
  }

  /**
   * The index may have applied a follow from the log that the projector has not written yet. A list without it must not be
   * stored in the index: it would stay wrong, since the index applies each event once.
   */
  private async becomeCurrent(
    reader: UserId,
    first: Promise<LoadedFollowees>,
    change: Change,
  ): Promise<LoadedFollowees> {
    let list = await first;
    if (list.current || this.behind === MAX_WAITING) return list;
    this.behind++;
    try {
      const end = performance.now() + LIMIT;
      for (let poll: number = POLL[0]; !list.current; poll = Math.min(2 * poll, POLL[1])) {
        const rest = end - performance.now();
        if (rest <= 0) break;
        await change.within(Math.min(poll, rest));
        change = this.nextChange(reader);
        list = await this.select(reader);
      }
      return list;
    } finally {
      this.behind--;
    }
  }

  async select(reader: UserId): Promise<LoadedFollowees> {
    const { users, follows } = this.index;
    const { parts, version } = await readFolloweesWithVersion(this.pool, reader);
    const followees = await inTurns(numbersOf(parts, (id) => users.number(id)));
    // Compared last, as events arrive between turns.
    const current = version >= this.index.versionOf('social-graph', reader);
    if (current) follows.set(users.number(reader), followees, version);
    return { followees, current };
  }

  private nextChange(reader: UserId): Change {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.waiting.set(reader, resolve);
    return {
      within: (milliseconds) => {
        const timer = setTimeout(resolve, milliseconds);
        return promise.finally(() => clearTimeout(timer));
      },
    };
  }
}
