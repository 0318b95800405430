import type { Microseconds, RequiredVersions, Source, StreamPosition } from '@activity-feed/contracts';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { TakenBackNotes } from '../timeline-index/rows/taken-back-streams';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import type { AppliedVersions } from './applied-versions';
import type { WaitClock } from './wait-clock';

/** Only events of this source take something back. */
const TAKING_BACK: Source = 'activity';

/** Milliseconds between turns. */
const TURN = 5_000;

export interface RecentTakeBacksOptions {
  index: TimelineIndex;
  applied: Pick<AppliedVersions, 'reach' | 'missing'>;
  /** Notes the index's progress. The result says whether the database has caught up with it. */
  mark(): () => Promise<boolean>;
}

/** What a read requires of the database and of kept answers, because activities were taken back lately. */
export interface RequiredTakeBacks {
  /**
   * To be called before a read takes activities from before the time `before` from the database or from kept answers. The
   * database is used for those before `inDatabase` only, if it is given. Returns what to add to the keys of the answers;
   * undefined if the database did not catch up in time: the answer is then behind, and must not be kept.
   */
  reach(before: Microseconds, inDatabase?: () => Promise<Microseconds>): Promise<string | undefined>;
  /**
   * What to add to the keys of all answers, before they are computed: it differs from before after an object was deleted
   * or restored, and again once the database knows.
   */
  changes(): Promise<string>;
}

/** For reads that have waited until the database has everything required, and use no kept answers. */
export const NO_TAKE_BACKS: RequiredTakeBacks = { reach: async () => '', changes: async () => '' };

/** Lets reads see that activities were taken back also where they use the database or kept answers. */
export class RecentTakeBacks implements OnApplicationBootstrap, OnApplicationShutdown {
  private ended: { notes: TakenBackNotes; isWritten(): Promise<boolean> } | undefined;
  /** Changes of accounts, up to a number, that the database is asked for. */
  private accounts: { change: number; isWritten(): Promise<boolean> } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(private readonly options: RecentTakeBacksOptions) {}

  onApplicationBootstrap(): void {
    // The next turn tries again.
    this.timer = setInterval(() => this.turn().catch(() => undefined), TURN).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Finds out what the database has by now. */
  async turn(): Promise<void> {
    const { index, mark } = this.options;
    // Changes that no read asks for must be forgotten too.
    await this.changes();
    await this.lookForAccounts();
    const { takenBack } = index;
    if (takenBack.isEmpty) return;
    takenBack.forgetOld();
    if (!this.ended) {
      const notes = takenBack.endNotes();
      if (notes) this.ended = { notes, isWritten: mark() };
    }
    const { ended } = this;
    if (!ended || !(await ended.isWritten())) return;
    takenBack.written(ended.notes);
    if (this.ended === ended) this.ended = undefined;
  }

  private async lookForAccounts(): Promise<void> {
    const { index, mark } = this.options;
    const { accounts } = index.viewers;
    if (!accounts.hasRecent) return;
    this.accounts ??= { change: accounts.lastChange, isWritten: mark() };
    const { change, isWritten } = this.accounts;
    if (!(await isWritten())) return;
    accounts.written(change);
    this.accounts = undefined;
  }

  /** For a read that the index answers with all of `required`; `isBehind` if it lacks some. */
  requiredBy({ atLeast }: RequiredVersions, budget: WaitClock, isBehind: boolean): RequiredTakeBacks {
    const { applied } = this.options;
    return {
      changes: () => this.changes(),
      reach: async (before, inDatabase) => {
        const touched = this.of(atLeast, before);
        if (touched.length === 0) return '';
        const missing = touched.some(({ isWritten }) => !isWritten)
          ? this.of(atLeast, inDatabase ? await inDatabase() : before).filter(({ isWritten }) => !isWritten)
          : [];
        if (missing.length > 0) {
          // A read that is already behind does not wait again.
          if (isBehind) return undefined;
          if (!(await applied.reach({ atLeast: missing.map(({ position }) => position) }, budget))) return undefined;
        }
        const names = touched.map(({ position: { stream, version } }) => `.${stream}:${version}`);
        return names.sort().join('');
      },
    };
  }

  private async changes(): Promise<string> {
    const { changes, objects } = this.options.index;
    if (changes.toWrite.length > 0) {
      this.looking ??= this.look().finally(() => {
        this.looking = undefined;
      });
      // Without the database, kept answers are used as far as they are known to be current.
      await this.looking.catch(() => undefined);
    }
    // Memory does not have all of them yet.
    return changes.digest() + (objects.pending.size > 0 ? '!' : '');
  }

  private async look(): Promise<void> {
    const { index, applied } = this.options;
    const positions = index.changes.toWrite;
    const missing = new Set(await applied.missing(positions));
    for (const position of positions) if (!missing.has(position)) index.changes.wrote(position);
  }

  /** The required events that took back activities from before `before`, or that follow such events. */
  private of(required: readonly StreamPosition[], before: Microseconds) {
    const { users, takenBack } = this.options.index;
    if (takenBack.isEmpty) return [];
    return required.flatMap(({ source, stream, version }) => {
      const user = source === TAKING_BACK ? users.find(stream) : undefined;
      const latest = user === undefined ? undefined : takenBack.latestOf(user, before);
      if (!latest) return [];
      const position: StreamPosition = { source, stream, version: Math.min(version, latest.version) };
      return { position, isWritten: latest.isWritten };
    });
  }
}
