import type { Microseconds } from '@activity-feed/contracts';
import { KIND_COUNT, readKind } from '../../activity/activity-kinds';
import { DAY } from '../../activity/durations';
import type { ActivityRows, Row } from '../rows/activity-rows';
import type { UserTable } from '../rows/user-table';
import { FirstItems } from './first-items';
import { lastBegun, MOST_ACTORS } from './last-begun';
import type { Visibility } from './view';
import { isScanFaster, type RowSource } from './visit-rows';
import { type RowsOf, walkLists } from './walk-lists';

/** The activities of one actor, day and kind (see kindOf). */
export interface RowGroup extends GroupPosition {
  readonly user: number;
  readonly count: number;
  /** The latest three, newest first; empty for a kind without objects. */
  readonly objectIds: readonly number[];
}

/** A group's position in the order of all groups; see {@link isBefore}. */
export interface GroupPosition {
  readonly firstTime: Microseconds;
  readonly actorId: number;
  readonly verb: string;
  /** Empty for kinds without objects. */
  readonly objectType: string;
}

const SHOWN_IDS = 3;

export function isBefore(a: GroupPosition, b: GroupPosition): boolean {
  if (a.firstTime !== b.firstTime) return a.firstTime > b.firstTime;
  if (a.actorId !== b.actorId) return a.actorId > b.actorId;
  if (a.verb !== b.verb) return a.verb > b.verb;
  return a.objectType > b.objectType;
}

const inOrder = (a: GroupPosition, b: GroupPosition) => (isBefore(a, b) ? -1 : 1);

/** `from` and `to` are starts of days; only groups after `before`. */
export interface GroupsOf extends RowsOf {
  limit: number;
  before?: GroupPosition | undefined;
}

/** Actors of the first sample, and the factor by which each further one is larger. */
const SAMPLE = 64;
const GROWTH = 8;

/**
 * The first `limit` groups of a range of days. These are the groups that began last: a scan of all rows or samples of the
 * actors tell how late, and of all actors only the rows are read that are needed to find such groups; see
 * {@link GroupedRows}. Pauses as {@link walkLists} does.
 */
export function* groupRows(source: RowSource, of: GroupsOf): Generator<undefined, RowGroup[]> {
  const { rows, users, lists } = source;
  const { actors, from, to, limit, before } = of;
  function* find(some: Uint32Array, wanted: number, since: Microseconds): Generator<undefined, RowGroup[]> {
    const groups = new GroupedRows(rows, users, { ...of, limit: wanted }, since);
    yield* walkLists(rows, lists, { actors: some, from, to }, (row, time, actor) => groups.add(row, time, actor));
    return groups.end();
  }
  const isDay = to !== undefined && to - from === DAY;
  if (isDay && actors.length <= MOST_ACTORS && (yield* isScanFaster(source, of))) {
    // One more, as the group before the page may be among them.
    const last = yield* lastBegun(source, { ...of, until: before?.firstTime ?? to, limit: limit + 1 });
    const groups = yield* find(last.actors, limit, last.since);
    // Otherwise more groups began together with that one, or rows were hidden in the meantime.
    if (groups.length === limit || last.since === from) return groups;
  }
  let since = from;
  for (let count = SAMPLE; 2 * count < actors.length; count *= GROWTH) {
    // Twice the sample's share of the page, and some for chance.
    const share = Math.ceil((2 * limit * count) / actors.length) + 3;
    const last = (yield* find(everyNth(actors, count), share, since))[share - 1];
    since = last?.firstTime ?? from;
    // The sample before was misleading, or the actors have few groups.
    if (!last) break;
  }
  const found = yield* find(actors, limit, since);
  return found.length === limit || since === from ? found : yield* find(actors, limit, from);
}

/** `count` of the actors, evenly spaced. */
const everyNth = (actors: Uint32Array, count: number) =>
  Uint32Array.from({ length: count }, (_, place) => actors[Math.floor((place * actors.length) / count)] as number);

/**
 * Groups rows by day and kind, if the groups began at `floor` or later and may be on the page. Rows come actor by actor,
 * newest first, so one set of counters is enough.
 *
 * A group is dropped at its first row before the time that a group of the page must have, which becomes later as more groups
 * are found. As soon as an actor has no other group left, the actor's older rows are not needed: most rows of a day are never
 * read.
 */
class GroupedRows {
  private readonly counts = new Uint32Array(KIND_COUNT);
  private readonly firstTimes = new Float64Array(KIND_COUNT);
  private readonly latestIds: number[][] = Array.from({ length: KIND_COUNT }, () => []);
  private readonly kinds: number[] = [];
  /** Groups of the user and day that may be shown. */
  private open = 0;
  private readonly found: FirstItems<RowGroup>;
  private readonly before: GroupPosition | undefined;
  private readonly visibility: Visibility | undefined;
  private user = Number.NaN;
  private day = Number.NaN;
  /** Groups of this user and day that began before are not shown. */
  private since: number;

  constructor(
    private readonly rows: ActivityRows,
    private readonly users: UserTable,
    { limit, before, visibility }: GroupsOf,
    private readonly floor: Microseconds,
  ) {
    this.since = floor;
    this.found = new FirstItems<RowGroup>(limit, inOrder);
    this.before = before;
    this.visibility = visibility;
  }

  /** Returns false if no older row of the user belongs to a group that may be shown. */
  add(row: Row, time: Microseconds, user: number): boolean {
    if (user !== this.user || time < this.day) this.begin(user, time);
    const kind = this.rows.kindOf(row);
    if (time >= this.since) {
      if (!this.visibility?.hides(row)) this.count(row, kind, time);
      return true;
    }
    if (this.counts[kind] !== 0 && !this.visibility?.hides(row)) this.drop(kind);
    return this.open > 0;
  }

  end(): RowGroup[] {
    this.flush();
    return this.found.inOrder();
  }

  private begin(user: number, time: Microseconds): void {
    this.flush();
    this.user = user;
    this.day = time - (time % DAY);
    this.since = Math.max(this.floor, this.found.last?.firstTime ?? this.floor);
  }

  private count(row: Row, kind: number, time: Microseconds): void {
    const count = this.counts[kind] as number;
    if (count === 0) {
      this.kinds.push(kind);
      this.open++;
    }
    if (count < SHOWN_IDS) this.latestIds[kind]?.push(this.rows.objectIdOf(row));
    this.counts[kind] = count + 1;
    // Rows come newest first.
    this.firstTimes[kind] = time;
  }

  private drop(kind: number): void {
    this.counts[kind] = 0;
    this.open--;
  }

  private flush(): void {
    for (const kind of this.kinds) {
      if (this.counts[kind] !== 0) this.show(this.user, kind);
      this.counts[kind] = 0;
      (this.latestIds[kind] as number[]).length = 0;
    }
    this.kinds.length = 0;
    this.open = 0;
  }

  private show(user: number, kind: number): void {
    const firstTime = this.firstTimes[kind] as Microseconds;
    if (!this.mayBeShown(firstTime)) return;
    const { verb, objectType } = readKind(kind);
    const place = { firstTime, actorId: this.users.idOf(user), verb, objectType: objectType ?? '' };
    if (this.before && !isBefore(this.before, place)) return;
    const objectIds = objectType ? (this.latestIds[kind] as number[]).slice() : [];
    this.found.add({ ...place, user, count: this.counts[kind] as number, objectIds });
  }

  private mayBeShown(firstTime: Microseconds): boolean {
    const { before } = this;
    if (before && firstTime > before.firstTime) return false;
    const { last } = this.found;
    return !last || firstTime >= last.firstTime;
  }
}
