import type { UserId } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import type { Effects } from '../activity/effects';
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

/** Looks up whom a reader follows when the index does not have it yet. */
export class LoadFollowees {
  private readonly underWay = new Map<UserId, Promise<LoadedFollowees>>();
  /** Wakes those who wait for the projector, by whose stream they wait for. */
  private readonly waiting = new Map<UserId, () => void>();
  private behind = 0;

  /** The connections of `pool` are how many lists are read at a time. */
  constructor(
    private readonly pool: Pool,
    private readonly index: TimelineIndex,
  ) {}

  load(reader: UserId): Promise<LoadedFollowees> {
    const known = this.underWay.get(reader);
    if (known) return known;
    const loading = this.read(reader).finally(() => this.underWay.delete(reader));
    this.underWay.set(reader, loading);
    return loading;
  }

  /** Says what the projector of this process has written. */
  applied(effects: readonly Effects[]): void {
    if (this.waiting.size === 0) return;
    for (const { source, stream } of effects) if (source === 'social-graph') this.waiting.get(stream as UserId)?.();
  }

  /**
   * The index hears from the log and may know a follow that the projector has still to write: a list without it would
   * stay wrong, as the index takes each event once.
   */
  private async read(reader: UserId): Promise<LoadedFollowees> {
    // Begun before each statement, so that a commit in between is not missed.
    let change = this.nextChange(reader);
    try {
      let list = await this.select(reader);
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
    } finally {
      this.waiting.delete(reader);
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

  private nextChange(reader: UserId): { within(milliseconds: number): Promise<void> } {
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
