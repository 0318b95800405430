import type { UserId } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import type { Effects } from '../activity/effects';
import type { WaitBudget } from '../read-own-writes/wait-budget';
import { inTurns } from '../timeline-index/queries/in-turns';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { numbersOf, readFolloweesWithVersion } from './followees';

/** Milliseconds for which the database may be behind the index before its list is taken as it is. */
const LIMIT = 1_000;
/** Milliseconds until another instance's progress is looked for: at first, and at last after doubling. */
const POLL = [10, 200] as const;
/** Readers for whom the projector is waited for; the next ones have their lists as the database knows them. */
const MAX_WAITING = 64;

export interface LoadedFollowees {
  /** Numbers of users, ascending. */
  followees: Uint32Array;
  /** False when the database lacks what the index knows. */
  current: boolean;
}

interface Loading {
  /** As the database had it at once. */
  first: Promise<LoadedFollowees>;
  /** As it has it when the projector has caught up, or was waited for long enough. */
  last: Promise<LoadedFollowees>;
}

interface Change {
  /** Resolves at the next change, or after so many milliseconds. */
  within(milliseconds: number): Promise<void>;
}

/** Looks up whom a reader follows when the index does not have it yet. */
export class LoadFollowees {
  private readonly underWay = new Map<UserId, Loading>();
  /** Wakes those who wait for the projector, by whose stream they wait for. */
  private readonly waiting = new Map<UserId, () => void>();
  private behind = 0;

  /** The connections of `pool` are how many lists are read at a time. */
  constructor(
    private readonly pool: Pool,
    private readonly index: TimelineIndex,
  ) {}

  /** Waits for the projector within `budget`; after that the list is the database's as it stood. */
  async load(reader: UserId, budget: WaitBudget): Promise<LoadedFollowees> {
    const { first, last } = this.underWay.get(reader) ?? this.begin(reader);
    const list = await first;
    return list.current ? list : ((await budget.within(last)) ?? list);
  }

  /** Says what the projector of this process has written. */
  applied(effects: readonly Effects[]): void {
    if (this.waiting.size === 0) return;
    for (const { source, stream } of effects) if (source === 'social-graph') this.waiting.get(stream as UserId)?.();
  }

  private begin(reader: UserId): Loading {
    // Begun before each statement, so that a commit in between is not missed.
    const change = this.nextChange(reader);
    const first = this.select(reader);
    const last = this.becomeCurrent(reader, first, change).finally(() => {
      this.waiting.delete(reader);
      this.underWay.delete(reader);
    });
    // Whoever waits for the first list is told.
    last.catch(() => undefined);
    const loading = { first, last };
    this.underWay.set(reader, loading);
    return loading;
  }

  /**
   * The index hears from the log and may know a follow that the projector has still to write: a list without it would
   * stay wrong, as the index takes each event once.
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

  /** The list as the database has it, at once. */
  async select(reader: UserId): Promise<LoadedFollowees> {
    const { users, follows } = this.index;
    const { parts, version } = await readFolloweesWithVersion(this.pool, reader);
    const followees = await inTurns(numbersOf(parts, (id) => users.number(id)));
    // Asked last, as events come in between turns.
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
