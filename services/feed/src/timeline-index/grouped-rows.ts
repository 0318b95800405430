import { type ActivityRows, KIND_MASK, type Row, readKind } from './activity-rows';
import type { ActorLists } from './actor-list';
import type { UserTable } from './user-table';

/** Activities of one actor on one day that are of one kind (see kindOf). */
export interface RowGroup extends GroupPosition {
  /** Number of the actor. */
  readonly user: number;
  readonly kind: number;
  readonly count: number;
  /** The latest three, newest first; none for a kind without objects. */
  readonly objectIds: readonly number[];
}

/** A group's place in the order of all groups: by its first time, newest first, then as {@link isBefore} says. */
export interface GroupPosition {
  /** Microseconds since 1970. */
  readonly firstTime: number;
  readonly actorId: number;
  readonly verb: string;
  /** Empty for none. */
  readonly objectType: string;
}

export const DAY = 86_400_000_000;
const SHOWN_IDS = 3;

/** Whether `a` comes before `b` on a page. */
export function isBefore(a: GroupPosition, b: GroupPosition): boolean {
  if (a.firstTime !== b.firstTime) return a.firstTime > b.firstTime;
  if (a.actorId !== b.actorId) return a.actorId > b.actorId;
  if (a.verb !== b.verb) return a.verb > b.verb;
  return a.objectType > b.objectType;
}

const inOrder = (a: GroupPosition, b: GroupPosition) => (isBefore(a, b) ? -1 : 1);

/** Groups actors' activities by day and kind. One actor's rows follow one another, so that a tally serves for all. */
export class GroupedRows {
  private readonly counts = new Uint32Array(KIND_MASK + 1);
  private readonly firstTimes = new Float64Array(KIND_MASK + 1);
  private readonly latestIds: number[][] = Array.from({ length: KIND_MASK + 1 }, () => []);
  private readonly kinds: number[] = [];

  constructor(
    private readonly rows: ActivityRows,
    private readonly users: UserTable,
    private readonly lists: ActorLists,
  ) {}

  /** The first `limit` groups of `actors` behind `before`, of days from `from` (microseconds, a day's start) on. */
  find(actors: Uint32Array, from: number, limit: number, before?: GroupPosition): RowGroup[] {
    const found = new FirstGroups(limit, before);
    for (let index = 0; index < actors.length; index++) this.addActor(actors[index] as number, from, found);
    return found.inOrder();
  }

  private addActor(user: number, from: number, found: FirstGroups): void {
    let day = Number.NaN;
    for (let row = this.lists.newest(user); row !== undefined; row = this.lists.after(row)) {
      const time = this.rows.timeOf(row);
      if (time < from) break;
      if (!(time >= day)) {
        this.flush(user, found);
        day = time - (time % DAY);
      }
      this.count(row, time);
    }
    this.flush(user, found);
  }

  private count(row: Row, time: number): void {
    const kind = this.rows.kindOf(row);
    const count = this.counts[kind] as number;
    if (count === 0) this.kinds.push(kind);
    if (count < SHOWN_IDS) this.latestIds[kind]?.push(this.rows.objectIdOf(row));
    this.counts[kind] = count + 1;
    // Rows come newest first.
    this.firstTimes[kind] = time;
  }

  private flush(user: number, found: FirstGroups): void {
    for (const kind of this.kinds) {
      const firstTime = this.firstTimes[kind] as number;
      const objectIds = this.latestIds[kind] as number[];
      if (found.mayTake(firstTime)) {
        const { verb, objectType } = readKind(kind);
        const place = { firstTime, actorId: this.users.idOf(user), verb, objectType: objectType ?? '' };
        const count = this.counts[kind] as number;
        found.add({ ...place, user, kind, count, objectIds: objectType ? objectIds.slice() : [] });
      }
      this.counts[kind] = 0;
      objectIds.length = 0;
    }
    this.kinds.length = 0;
  }
}

/** Keeps the first `limit` of the groups that it is given, and a few more until the next sorting. */
class FirstGroups {
  private groups: RowGroup[] = [];
  private last: RowGroup | undefined;

  constructor(
    private readonly limit: number,
    private readonly before: GroupPosition | undefined,
  ) {}

  /** False for what cannot be among them, by its time alone. */
  mayTake(firstTime: number): boolean {
    if (this.before && firstTime > this.before.firstTime) return false;
    return !this.last || firstTime >= this.last.firstTime;
  }

  add(group: RowGroup): void {
    if (this.before && !isBefore(this.before, group)) return;
    this.groups.push(group);
    if (this.groups.length >= 4 * this.limit + 64) this.cut();
  }

  inOrder(): RowGroup[] {
    this.cut();
    return this.groups;
  }

  private cut(): void {
    this.groups.sort(inOrder);
    if (this.groups.length < this.limit) return;
    this.groups.length = this.limit;
    this.last = this.groups[this.limit - 1];
  }
}
