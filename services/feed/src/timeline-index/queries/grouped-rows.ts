import type { Microseconds } from '@activity-feed/contracts';
import { KIND_COUNT, readKind } from '../../activity/activity-kinds';
import { DAY } from '../../activity/durations';
import type { ActivityRows, Row } from '../rows/activity-rows';
import type { ActorLists } from '../rows/actor-list';
import type { UserTable } from '../rows/user-table';
import { FirstItems } from './first-items';
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

/** The first `limit` groups of a range of days. Pauses as {@link walkLists} does. */
export function* groupRows(
  rows: ActivityRows,
  users: UserTable,
  lists: ActorLists,
  of: GroupsOf,
): Generator<undefined, RowGroup[]> {
  const groups = new GroupedRows(rows, users, of);
  yield* walkLists(rows, lists, of, (row, time, actor) => groups.add(row, time, actor));
  return groups.end();
}

/** Groups rows by day and kind. Rows come actor by actor, newest first, so one set of counters is enough. */
class GroupedRows {
  private readonly counts = new Uint32Array(KIND_COUNT);
  private readonly firstTimes = new Float64Array(KIND_COUNT);
  private readonly latestIds: number[][] = Array.from({ length: KIND_COUNT }, () => []);
  private readonly kinds: number[] = [];
  private readonly found: FirstItems<RowGroup>;
  private readonly before: GroupPosition | undefined;
  private user = Number.NaN;
  private day = Number.NaN;

  constructor(
    private readonly rows: ActivityRows,
    private readonly users: UserTable,
    { limit, before }: GroupsOf,
  ) {
    this.found = new FirstItems<RowGroup>(limit, inOrder);
    this.before = before;
  }

  add(row: Row, time: Microseconds, user: number): void {
    if (user !== this.user || time < this.day) {
      this.flush();
      this.user = user;
      this.day = time - (time % DAY);
    }
    this.count(row, time);
  }

  end(): RowGroup[] {
    this.flush();
    return this.found.inOrder();
  }

  private count(row: Row, time: Microseconds): void {
    const kind = this.rows.kindOf(row);
    const count = this.counts[kind] as number;
    if (count === 0) this.kinds.push(kind);
    if (count < SHOWN_IDS) this.latestIds[kind]?.push(this.rows.objectIdOf(row));
    this.counts[kind] = count + 1;
    // Rows come newest first.
    this.firstTimes[kind] = time;
  }

  private flush(): void {
    for (const kind of this.kinds) {
      this.show(this.user, kind);
      this.counts[kind] = 0;
      (this.latestIds[kind] as number[]).length = 0;
    }
    this.kinds.length = 0;
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
