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
import { readHiddenIds } from '../hypertable/hidden-ids';
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

export interface ActorScope extends Scope {
  ids(): Promise<IdArray>;
  /** The actors as user numbers of the index, without those who are hidden. */
  numbers: Uint32Array;
  /** What the reader may see in memory; undefined if nothing is hidden. */
  view: View | undefined;
  /** Likewise in the database. */
  hidden: HiddenIds | undefined;
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
  async ofHours(required: RequiredVersions): Promise<OpenScope> {
    const boundary = await this.options.boundaries.hour.now();
    // Memory keeps counts of objects for a shorter time than activities.
    const open = Math.max(boundary, toMilliseconds(this.options.index.recent.from));
    return { ...(await this.of({ required, from: fromMilliseconds(open), counts: true })), open };
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
      const ids = async () => (single === undefined ? readFollowees(pool, reader) : IdArray.of(single));
      const hidden = await readHiddenIds(pool, reader, attention);
      const isForbidden = feed === 'user' && (hidden?.users.includes(single as number) ?? false);
      return { ...scope, ids, numbers: new Uint32Array(), view: undefined, hidden, isForbidden, key: undefined };
    }
    const { numbers: all, current } = await this.numbers({ ...scope, index, budget }, single, reader);
    const view = index.viewers.fixedViewOf(reader, attention);
    const numbers = view && single === undefined ? view.shownOf(all) : all;
    const isForbidden = feed === 'user' && view !== undefined && all.some((user) => view.hidesUser(user));
    const ids = () => inTurns(idArray(numbers, (user) => index.users.idOf(user)));
    const name =
      single === undefined ? `friends.${reader}.${index.versionOf('social-graph', reader)}` : `my.${single}.0`;
    // Answers are equal for those with the same hidden users.
    const digest = view ? view.digest : '';
    const key = current && digest !== undefined ? `${name}${digest && `-${digest}`}` : undefined;
    const behind = scope.behind || !current;
    return { ...scope, index, behind, ids, numbers, view, hidden: view?.ids, isForbidden, key };
  }

  private async numbers(
    { index, behind, budget }: Scope & { index: TimelineIndex; budget: WaitClock },
    single: UserId | undefined,
    reader: UserId,
  ) {
    const user = index.users.find(single ?? reader);
    // The user has no events and no followees.
    if (user === undefined) return { numbers: new Uint32Array(), current: true };
    if (single !== undefined) return { numbers: Uint32Array.of(user), current: true };
    const known = index.follows.get(user);
    if (known) return { numbers: known, current: true };
    const { followees: lists } = this.options;
    // A read that is already behind does not wait again.
    const { followees, current } = await (behind ? lists.select(reader) : lists.load(reader, budget));
    return { numbers: followees, current };
  }
}
