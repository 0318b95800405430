import type { FeedKind, RequiredVersions, UserId } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import type { Bucket } from '../aggregates/aggregate-time';
import { IdArray, idArray } from '../hypertable/id-array';
import type { AppliedVersions } from '../read-own-writes/applied-versions';
import type { IndexedVersions } from '../read-own-writes/indexed-versions';
import { WaitBudget } from '../read-own-writes/wait-budget';
import { inTurns } from '../timeline-index/queries/in-turns';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { readFollowees } from './followees';
import type { LoadFollowees } from './load-followees';
import type { MemoryBoundary } from './memory-boundary';

/** What a read may look at. */
export interface Scope {
  /** The index, where it has all of the time that the read wants from it; without it the read is the database's alone. */
  index: TimelineIndex | undefined;
  /** Whether something that the read must show did not come in time. */
  behind: boolean;
}

/** A scope of a read whose older part is the aggregates'. */
export interface OpenScope extends Scope {
  /** With an index: the start of the bucket from which on the read takes all from it, milliseconds since 1970. */
  open: number;
}

/** A scope with whose activities the read is about. */
export interface ActorScope extends Scope {
  ids(): Promise<IdArray>;
  /** The same as numbers of the index. */
  numbers: Uint32Array;
  /** Differs wherever they do; undefined for what is not to be kept. */
  key: string | undefined;
}

export type OpenActorScope = ActorScope & OpenScope;

export interface ScopeRequest {
  required: RequiredVersions;
  /** Microseconds since 1970 from which on the read wants to look into memory. */
  from: number;
}

export interface ReadScopeOptions {
  index: TimelineIndex;
  versions: Pick<IndexedVersions, 'reach'>;
  followees: LoadFollowees;
  applied: Pick<AppliedVersions, 'reach'>;
  pool: Pool;
  boundaries: Record<Bucket, Pick<MemoryBoundary, 'now'>>;
  /** Whether the index has all that the log had when it was begun. */
  isReady(): boolean;
}

/** Finds what a read of groups, sums or trends may look at. */
export class ReadScope {
  constructor(private readonly options: ReadScopeOptions) {}

  /** Waits until what is required can be seen. Rejects with UnverifiedVersion. */
  of(request: ScopeRequest): Promise<Scope> {
    return this.find(request, new WaitBudget(request.required.waitLimit));
  }

  private async find({ required, from }: ScopeRequest, budget: WaitBudget): Promise<Scope> {
    const { index, versions, applied, isReady } = this.options;
    // Once the index has been ready it stays so.
    if (isReady() && index.covers(from)) return { index, behind: !(await versions.reach(required, budget)) };
    return { index: undefined, behind: !(await applied.reach(required, budget)) };
  }

  /** For a read of hours, of all objects. */
  async ofHours(required: RequiredVersions): Promise<OpenScope> {
    const boundary = await this.options.boundaries.hour.now();
    // Memory keeps what happened to objects for less long than activities.
    const open = Math.max(boundary, this.options.index.recent.from / 1_000);
    return { ...(await this.of({ required, from: open * 1_000 })), open };
  }

  /** For a read of days, of the activities of `reader` themselves, or of those whom they follow. */
  async ofDays(feed: FeedKind, reader: UserId, required: RequiredVersions): Promise<OpenActorScope> {
    const open = await this.options.boundaries.day.now();
    return { ...(await this.ofActors(feed, reader, { required, from: open * 1_000 })), open };
  }

  /** The same for the activities of `reader` themselves, or of those whom they follow. */
  async ofActors(feed: FeedKind, reader: UserId, request: ScopeRequest): Promise<ActorScope> {
    const budget = new WaitBudget(request.required.waitLimit);
    const scope = await this.find(request, budget);
    const { index } = scope;
    if (!index) {
      const { pool } = this.options;
      const ids = async () => (feed === 'my' ? IdArray.of(reader) : readFollowees(pool, reader));
      return { ...scope, ids, numbers: new Uint32Array(), key: undefined };
    }
    const { numbers, current } = await this.numbers({ ...scope, index, budget }, feed, reader);
    const ids = () => inTurns(idArray(numbers, (user) => index.users.idOf(user)));
    const version = feed === 'my' ? 0 : index.versionOf('social-graph', reader);
    const key = current ? `${feed}.${reader}.${version}` : undefined;
    return { index, behind: scope.behind || !current, ids, numbers, key };
  }

  private async numbers(
    { index, behind, budget }: Scope & { index: TimelineIndex; budget: WaitBudget },
    feed: FeedKind,
    reader: UserId,
  ) {
    const user = index.users.find(reader);
    // Nothing was ever heard of such a user.
    if (user === undefined) return { numbers: new Uint32Array(), current: true };
    if (feed === 'my') return { numbers: Uint32Array.of(user), current: true };
    const known = index.follows.get(user);
    if (known) return { numbers: known, current: true };
    const { followees: lists } = this.options;
    // What is behind anyway is not waited for once more.
    const { followees, current } = await (behind ? lists.select(reader) : lists.load(reader, budget));
    return { numbers: followees, current };
  }
}
