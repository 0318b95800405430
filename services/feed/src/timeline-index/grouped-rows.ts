import { type ActivityRows, KIND_MASK, type Row, readKind } from './activity-rows';
import type { ActorLists } from './actor-list';
import { FirstItems } from './first-items';
import type { UserTable } from './user-table';

/** Activities of one actor on one day that are of one kind (see kindOf). */
export interface RowGroup extends GroupPosition {
  /** Number of the actor. */
  readonly user: number;
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
  private found = new FirstItems<RowGroup>(0, inOrder);
  private before: GroupPosition | undefined;

  constructor(
    private readonly rows: ActivityRows,
    private readonly users: UserTable,
    private readonly lists: ActorLists,
  ) {}

  /** The first `limit` groups of `actors` behind `before`, of days from `from` (microseconds, a day's start) on. */
  find(actors: Uint32Array, from: number, limit: number, before?: GroupPosition): RowGroup[] {
    this.found = new FirstItems<RowGroup>(limit, inOrder);
    this.before = before;
    for (let index = 0; index < actors.length; index++) this.addActor(actors[index] as number, from);
    return this.found.inOrder();
  }

  private addActor(user: number, from: number): void {
    let day = Number.NaN;
    for (let row = this.lists.newest(user); row !== undefined; row = this.lists.after(row)) {
      const time = this.rows.timeOf(row);
      if (time < from) break;
      if (!(time >= day)) {
        this.flush(user);
        day = time - (time % DAY);
      }
      this.count(row, time);
    }
    this.flush(user);
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

  private flush(user: number): void {
    for (const kind of this.kinds) {
      this.add(user, kind);
      this.counts[kind] = 0;
      (this.latestIds[kind] as number[]).length = 0;
    }
    this.kinds.length = 0;
  }

  private add(user: number, kind: number): void {
    const firstTime = this.firstTimes[kind] as number;
    if (!this.mayBeShown(firstTime)) return;
    const { verb, objectType } = readKind(kind);
    const place = { firstTime, actorId: this.users.idOf(user), verb, objectType: objectType ?? '' };
    if (this.before && !isBefore(this.before, place)) return;
    const objectIds = objectType ? (this.latestIds[kind] as number[]).slice() : [];
    this.found.add({ ...place, user, count: this.counts[kind] as number, objectIds });
  }

  /** False for what cannot be shown, by its time alone. */
  private mayBeShown(firstTime: number): boolean {
    const { before } = this;
    if (before && firstTime > before.firstTime) return false;
    const { last } = this.found;
    return !last || firstTime >= last.firstTime;
  }
}
