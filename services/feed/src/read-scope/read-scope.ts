import { isUnavailable } from '@activity-feed/backend';
import {
  type FeedActors,
  fromMilliseconds,
  type Microseconds,
  type Milliseconds,
  type RequiredVersions,
  toMilliseconds,
  type UserId,
} from '@activity-feed/contracts';
import type { Pool } from 'pg';
import type { Attention, HiddenIds } from '../activity/hiding';
import type { Bucket } from '../aggregates/aggregate-time';
import { readAppearances, readHiddenIds } from '../hypertable/hidden-ids';
import { IdArray, idArray } from '../hypertable/id-array';
import type { AppliedVersions } from '../read-own-writes/applied-versions';
import type { IndexedVersions } from '../read-own-writes/indexed-versions';
import { NO_TAKE_BACKS, type RecentTakeBacks, type RequiredTakeBacks } from '../read-own-writes/recent-take-backs';
import { WaitClock } from '../read-own-writes/wait-clock';
import { inTurns } from '../timeline-index/queries/in-turns';
import type { View } from '../timeline-index/queries/view';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { attentionOf, singleActor } from './feed-actors';
import { readFollowees } from './followees';
import type { LoadFollowees } from './load-followees';
import type { MemoryBoundary } from './memory-boundary';

export interface Scope {
  /** Undefined if the index does not cover the read's time range: the read then uses the database only. */
  index: TimelineIndex | undefined;
  /** Whether a required version did not arrive in time. */
  behind: boolean;
  takeBacks: RequiredTakeBacks;
}

export interface OpenScope extends Scope {
  /** The start of the first bucket that is read from the index. */
  open: Milliseconds;
}

/** With what the reader may see in memory; undefined if nothing is hidden. */
export interface ViewedScope extends OpenScope {
  view: View | undefined;
}

export interface ActorScope extends Scope {
  /** The actors, without followees who are hidden. In the database, closed accounts are judged by each read. */
  ids(): Promise<IdArray>;
  /** The same as user numbers of the index, also without closed accounts. */
  numbers: Uint32Array;
  /** What the reader may see in memory; undefined if nothing is hidden. */
  view: View | undefined;
  /** Likewise in the database. */
  hidden(): HiddenIds | undefined;
  /** Whether the feed is that of one other user whom a block hides from the reader. */
  isForbidden: boolean;
  /** A cache key for the set of actors; undefined if answers must not be cached. */
  key: string | undefined;
}

export type OpenActorScope = ActorScope & OpenScope;

export interface ScopeRequest {
  required: RequiredVersions;
  /** Start of the range to read from memory. */
  from: Microseconds;
  /** Whether counts by object are read. */
  counts?: boolean;
}

export interface ReadScopeOptions {
  index: TimelineIndex;
  versions: Pick<IndexedVersions, 'reach'>;
  followees: LoadFollowees;
  applied: Pick<AppliedVersions, 'reach'>;
  takeBacks: Pick<RecentTakeBacks, 'requiredBy'>;
  pool: Pool;
  boundaries: Record<Bucket, Pick<MemoryBoundary, 'now'>>;
  /** Whether the index has caught up with the log. */
  isReady(): boolean;
}

export class ReadScope {
  constructor(private readonly options: ReadScopeOptions) {}

  /** Waits for the required versions. Rejects with UnverifiedVersion. */
  of(request: ScopeRequest): Promise<Scope> {
    return this.find(request, new WaitClock(request.required.waitLimit));
  }

  private async find({ required, from, counts }: ScopeRequest, budget: WaitClock): Promise<Scope> {
    const { index, versions, applied, takeBacks, isReady } = this.options;
    // The index, once ready, stays ready.
    if (isReady() && index.covers(from)) {
      const behind = !(await versions.reach(required, budget, counts));
      return { index, behind, takeBacks: takeBacks.requiredBy(required, budget, behind) };
    }
    return { index: undefined, behind: !(await applied.reach(required, budget)), takeBacks: NO_TAKE_BACKS };
  }

  /** For reads by hour, of all objects. */
  async ofHours(required: RequiredVersions, budget = new WaitClock(required.waitLimit)): Promise<OpenScope> {
    const boundary = await this.options.boundaries.hour.now();
    // Memory keeps counts of objects for a shorter time than activities.
    const open = Math.max(boundary, toMilliseconds(this.options.index.recent.from));
    return { ...(await this.find({ required, from: fromMilliseconds(open), counts: true }, budget)), open };
  }

  /** The same for what comes to `reader` unasked. */
  async ofHoursFor(reader: UserId, required: RequiredVersions): Promise<ViewedScope> {
    const budget = new WaitClock(required.waitLimit);
    const scope = await this.ofHours(required, budget);
    const { index } = scope;
    if (!index) return { ...scope, view: undefined };
    const { numbers, current } = await this.knownBy(reader, { ...scope, index, budget });
    const view = index.viewers.fixedViewOf(reader, 'unasked', numbers);
    return { ...scope, behind: scope.behind || !current, view };
  }

  /** For reads of what concerns `reader`, with what the reader may see in memory; undefined if nothing is hidden. */
  async ofReader(
    reader: UserId,
    required: RequiredVersions,
    budget: WaitClock,
  ): Promise<Pick<ViewedScope, 'index' | 'behind' | 'view'>> {
    const scope = await this.find({ required, from: fromMilliseconds(Date.now()) }, budget);
    const { index } = scope;
    if (!index) return { ...scope, view: undefined };
    const { numbers, current } = await this.knownBy(reader, { ...scope, index, budget });
    const view = index.viewers.fixedViewOf(reader, 'unasked', numbers);
    return { index, behind: scope.behind || !current, view };
  }

  /** How each of `users` appears to `reader`: bits of APPEARANCE. */
  async appearances(
    reader: UserId,
    users: readonly UserId[],
    required: RequiredVersions,
    now: Milliseconds,
  ): Promise<{ bits: number[]; behind: boolean }> {
    const budget = new WaitClock(required.waitLimit);
    const scope = await this.find({ required, from: fromMilliseconds(now) }, budget);
    const { index, behind } = scope;
    if (!index) return { bits: await readAppearances(this.options.pool, reader, users), behind };
    const { numbers, current } = await this.knownBy(reader, { ...scope, index, budget }, users);
    return { bits: index.viewers.appearances(reader, users, numbers), behind: behind || !current };
  }

  /** Users whom an answer from the database leaves out; undefined if nobody is hidden from `viewer`. */
  hiddenFrom(viewer: UserId, attention: Attention): Promise<HiddenIds | undefined> {
    return readHiddenIds(this.options.pool, viewer, attention);
  }

  /** For reads by day of a feed's activities. */
  async ofDays(actors: FeedActors, required: RequiredVersions): Promise<OpenActorScope> {
    const open = await this.options.boundaries.day.now();
    return { ...(await this.ofActors(actors, { required, from: fromMilliseconds(open) })), open };
  }

  /** For reads of a feed's activities from a given time on. */
  async ofActors(actors: FeedActors, request: ScopeRequest): Promise<ActorScope> {
    const { feed, reader } = actors;
    const single = singleActor(actors);
    const attention = attentionOf(feed);
    const budget = new WaitClock(request.required.waitLimit);
    const scope = await this.find(request, budget);
    const { index } = scope;
    if (!index) {
      const { pool } = this.options;
      const hidden = await readHiddenIds(pool, reader, attention, single);
      const ids = async () =>
        single === undefined ? readFollowees(pool, reader, hidden?.users ?? []) : IdArray.of(single);
      const isForbidden = feed === 'user' && (hidden?.users.includes(single as number) ?? false);
      const inDatabase = { ids, numbers: NOBODY, view: undefined, hidden: () => hidden, isForbidden, key: undefined };
      return { ...scope, ...inDatabase };
    }
    const whole = { ...scope, index, budget };
    const known = await (single === undefined ? this.followees(reader, whole) : this.knownBy(reader, whole));
    // A list that is behind may have accounts from whose followers the reader was removed.
    const view = index.viewers.fixedViewOf(reader, attention, known.current ? known.numbers : NOBODY);
    const all = single === undefined ? (known.numbers ?? NOBODY) : oneOf(index.users.find(single));
    const numbers = view ? view.shownOf(all) : all;
    const isForbidden = feed === 'user' && view !== undefined && all.some((user) => view.denies(user));
    const { current } = known;
    const ids = () => inTurns(idArray(numbers, (user) => index.users.idOf(user)));
    const name =
      single === undefined ? `friends.${reader}.${index.versionOf('social-graph', reader)}` : `my.${single}.0`;
    // Answers are equal for those with the same hidden users.
    const digest = view ? view.digest : '';
    const key = current && digest !== undefined ? `${name}${digest && `-${digest}`}` : undefined;
    const behind = scope.behind || !current;
    return { ...scope, index, behind, ids, numbers, view, hidden: () => view?.ids, isForbidden, key };
  }

  /**
   * Whom `reader` follows, as far as a view needs it, which may be of `users` alone. Nobody if the list is not known: private
   * accounts then count as closed.
   */
  private async knownBy(reader: UserId, whole: WholeScope, users?: readonly UserId[]): Promise<Numbers> {
    if (!whole.index.viewers.needFollowees(reader, users)) return { numbers: undefined, current: true };
    try {
      const found = await this.followees(reader, whole);
      return found.current ? found : { numbers: NOBODY, current: false };
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      return { numbers: NOBODY, current: false };
    }
  }

  private async followees(reader: UserId, { index, behind, budget }: WholeScope): Promise<Numbers> {
    const user = index.users.find(reader);
    // The user has no events and no followees.
    if (user === undefined) return { numbers: NOBODY, current: true };
    const known = index.follows.get(user);
    if (known) return { numbers: known, current: true };
    const { followees: lists } = this.options;
    // A read that is already behind does not wait again.
    const { followees, current } = await (behind ? lists.select(reader) : lists.load(reader, budget));
    return { numbers: followees, current };
  }
}

const NOBODY = new Uint32Array();

const oneOf = (user: number | undefined) => (user === undefined ? NOBODY : Uint32Array.of(user));

type WholeScope = Scope & { index: TimelineIndex; budget: WaitClock };

interface Numbers {
  /** User numbers, ascending. */
  numbers: Uint32Array | undefined;
  /** False if the database is behind the index. */
  current: boolean;
}
