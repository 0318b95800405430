import type { Microseconds, Milliseconds, Source } from '@activity-feed/contracts';
import { nextDay } from '../activity/durations';
import type { Effects } from '../activity/effects';
import { isNotice } from '../activity/notices';
import type { Position } from '../activity/positions';
import { ApplyEffects } from './apply-effects';
import { LogProgress } from './log-progress';
import { Notifications } from './notifications';
import { type EngagementOf, type ScoredCounts, tallyObjects } from './queries/engaged-objects';
import { EntryJson } from './queries/entry-json';
import { type GroupsOf, groupRows, type RowGroup } from './queries/grouped-rows';
import { type FoundRows, NewestRows } from './queries/newest-rows';
import { type Selection, selectActors } from './queries/select-actors';
import { settleObjects } from './queries/settle-objects';
import { type DayCounts, sumRows } from './queries/summed-rows';
import type { StoredStream } from './queries/take-back';
import type { Visibility } from './queries/view';
import type { RowsOf } from './queries/walk-lists';
import { Window } from './queries/window';
import { RecentLog } from './recent-log';
import { ActivityRows, type Row } from './rows/activity-rows';
import { ActorLists } from './rows/actor-list';
import { DeletedObjects } from './rows/deleted-objects';
import { FollowLists } from './rows/follow-lists';
import { LatestStreams } from './rows/latest-streams';
import type { NewRow } from './rows/new-row';
import { RecentChanges } from './rows/recent-changes';
import { RecentEngagement } from './rows/recent-engagement';
import { DELETED, UNDONE } from './rows/row-segment';
import { TakenBackStreams } from './rows/taken-back-streams';
import { UserTable } from './rows/user-table';
import { Viewers } from './viewers';

export interface IndexOptions {
  budget: number;
  followeeBudget: number;
  /** Rows per segment as a power of two. Rows are evicted by whole segments. */
  segmentBits?: number;
  now?: () => Milliseconds;
}

/**
 * The newest activities in memory; a page is a merge of its actors' lists. Has no access to database, log or network: the
 * caller applies events, each once and in stream order.
 */
export class TimelineIndex {
  readonly users = new UserTable();
  readonly rows: ActivityRows;
  readonly follows: FollowLists;
  readonly entryJson: EntryJson;
  readonly recent: RecentEngagement;
  readonly lists: ActorLists;
  readonly takenBack = new TakenBackStreams();
  readonly changes = new RecentChanges();
  readonly objects = new DeletedObjects();
  readonly viewers: Viewers;
  readonly notifications: Notifications;
  readonly log = new LogProgress();
  readonly recentLog = new RecentLog();
  readonly latest = new LatestStreams();
  private readonly effects = new ApplyEffects(this);
  private readonly newest: NewestRows;
  private readonly window: Window;

  constructor({ budget, followeeBudget, segmentBits, now = Date.now }: IndexOptions) {
    this.rows = new ActivityRows(segmentBits);
    this.viewers = new Viewers(this, now);
    this.follows = new FollowLists(followeeBudget);
    this.entryJson = new EntryJson(this.rows, this.users.names);
    this.lists = new ActorLists(this.rows, this.users, this.objects.pending);
    this.newest = new NewestRows(this.rows, this.users, this.lists);
    this.recent = new RecentEngagement(now, this.objects.pending);
    this.notifications = new Notifications(this);
    this.window = new Window(budget, this.rows, this.users, this.notifications.targets);
  }

  /** The index has everything after this time. */
  get floor(): Microseconds {
    return this.window.floor;
  }

  /** The start of the first complete day; 0 if all days are complete. */
  get firstDay(): Microseconds {
    const { floor } = this.window;
    return floor < 0 ? (0 as Microseconds) : nextDay(floor);
  }

  /** Whether no activities exist below the floor, in the database either. */
  get isComplete(): boolean {
    return this.window.isComplete;
  }

  /** Marks activities up to `time` as not loaded. */
  beginAbove(time: Microseconds): void {
    this.window.raiseFloor(time);
  }

  /** Marks activities up to `time` as dropped from the database. */
  endAt(time: Microseconds): void {
    this.window.endAt(time);
  }

  /** See {@link ApplyEffects}. */
  apply(effects: Effects): 'applied' | 'repeated' | 'gap' {
    return this.effects.apply(effects);
  }

  /** Sets a stream to its state in the database. */
  restore(stored: StoredStream): void {
    this.effects.restore(stored);
  }

  addUser(id: number, name: string): void {
    const user = this.users.number(id);
    if (!this.users.names.has(user)) this.users.names.set(user, name);
  }

  versionOf(source: Source, stream: number): number {
    const user = this.users.find(stream);
    return user === undefined ? 0 : this.users.versionOf(user, source);
  }

  /** When the latest event of `stream` was applied (by performance.now); minus infinity if more than seconds ago. */
  appliedAt(stream: number): number {
    const user = this.users.find(stream);
    return user === undefined ? Number.NEGATIVE_INFINITY : this.latest.timeOf(user);
  }

  setVersion(source: Source, stream: number, version: number): void {
    this.users.setVersion(this.users.number(stream), source, version);
  }

  /** The `limit` newest visible activities of `actors` (user numbers) before a position; hidden actors may be among them. */
  find(actors: Uint32Array, limit: number, before?: Position, visibility?: Visibility): FoundRows {
    const { floor } = this.window;
    const rows = this.newest.find(actors, limit, floor, before, visibility);
    const { stoppedAt } = this.newest;
    if (stoppedAt !== undefined) return { rows, complete: false, stoppedAt: this.rows.positionOf(stoppedAt) };
    return { rows, complete: rows.length === limit || this.window.isComplete, stoppedAt: undefined };
  }

  /** Those of `actors` that can be on a page; see {@link selectActors}. */
  select(
    actors: Uint32Array,
    limit: number,
    before?: Position,
    visibility?: Visibility,
  ): Generator<undefined, Selection> {
    return selectActors(this.rows, this.lists, actors, limit, before, visibility);
  }

  /** Whether the index has everything from `time` on. */
  covers(time: Microseconds): boolean {
    return this.window.floor < time;
  }

  // Callers of these three check {@link covers} at the end: rows may be evicted during pauses.
  groups(of: GroupsOf): Generator<undefined, RowGroup[]> {
    return groupRows(this, of);
  }

  sums(of: RowsOf): Generator<undefined, DayCounts> {
    return sumRows(this, of);
  }

  tally(of: EngagementOf): Generator<undefined, Map<number, ScoredCounts>> {
    return tallyObjects(this, of);
  }

  /**
   * Adds an activity, whose users need not have names yet. One below the floor only marks the index as incomplete there:
   * then there is no row.
   */
  addRow(row: NewRow): Row | undefined {
    if (row.time <= this.window.floor) {
      this.window.noteRowBelow();
      return undefined;
    }
    const { rows, objects } = this;
    const { verb, objectType, objectId, target, time } = row;
    const added = rows.append(row);
    if (isNotice(verb) || row.undone) rows.mark(added, UNDONE);
    if (rows.keysOf(added).some((key) => objects.isDeleted(key))) rows.mark(added, DELETED);
    else if (!isNotice(verb) && !row.undone) {
      this.lists.insert(added);
      if (objectType !== null && objectId !== null) this.recent.add(verb, objectType, objectId, target, time);
    }
    this.notifications.add(added);
    this.window.keepBudget();
    return added;
  }

  /** Whether reads, and `counts` by object, show what events up to `version` of a stream deleted or restored. */
  isSettled(source: Source, stream: number, version: number, counts: boolean): boolean {
    const user = source === 'activity' ? this.users.find(stream) : undefined;
    return user === undefined || this.objects.isSettled(user, version, counts);
  }

  /** Hides and shows the rows of objects that were deleted and restored; see {@link settleObjects}. */
  settle(): Generator<undefined, void> {
    return settleObjects(this, (users) => {
      for (const user of users) this.latest.note(user);
    });
  }
}
