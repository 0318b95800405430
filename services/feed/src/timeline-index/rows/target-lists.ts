import type { ActivityRows, Row } from './activity-rows';
import type { UserTable } from './user-table';

/** Users for whom the place of the last late row is remembered, and places on the way to late rows, of all users. */
const REMEMBERED = 10_000;
const PLACES = 100_000;
/** Rows between two of these places. */
const STEP = 1_024;

/**
 * The rows that concern each user, newest to oldest, as a linked list through the rows. Rows that were taken back or hidden
 * stay in it. Of an event that concerns the user twice, only the row that was inserted last is in it.
 */
export class TargetLists {
  /** Below which row the last late row of a user was inserted: the next one is often near. */
  private readonly lastLate = new Map<number, Row>();
  /** Rows of long lists at some distance from each other, newest first: late rows in ascending order begin there. */
  private readonly places = new Map<number, Row[]>();
  private placeCount = 0;

  constructor(
    private readonly rows: ActivityRows,
    private readonly users: UserTable,
    private readonly step = STEP,
  ) {}

  /** Inserts `row` into the list of `user`: at the head unless it is late. */
  insert(user: number, row: Row): void {
    const { rows, users } = this;
    const head = this.first(user);
    if (head === undefined || rows.isNewer(row, head)) {
      rows.setOlderOfTarget(row, head ?? row);
      users.setTargetHead(user, row);
      return;
    }
    if (this.isSame(row, head)) {
      rows.setOlderOfTarget(row, this.next(head) ?? row);
      users.setTargetHead(user, row);
      // They may be the head, which is not in the list any more.
      this.lastLate.delete(user);
      this.forgetPlaces(user);
      return;
    }
    const above = this.lastAbove(user, head, row);
    const below = this.next(above);
    const isReplaced = below !== undefined && this.isSame(row, below);
    // A row that is not in the list any more is no place to begin.
    if (isReplaced) this.forgetPlaces(user);
    rows.setOlderOfTarget(row, (isReplaced ? this.next(below) : below) ?? row);
    rows.setOlderOfTarget(above, row);
    if (this.lastLate.size >= REMEMBERED) this.lastLate.clear();
    this.lastLate.set(user, row);
  }

  first(user: number): Row | undefined {
    return this.users.targetHead(user);
  }

  /** The next older row of the list; undefined if it is not in memory. */
  next(row: Row): Row | undefined {
    const older = this.rows.olderOfTarget(row);
    return older === row || !this.rows.has(older) ? undefined : older;
  }

  /** To be called before `row` is evicted. */
  evict(user: number, row: Row): void {
    if (this.users.targetHead(user) === row) this.users.setTargetHead(user, undefined);
    if (this.lastLate.get(user) === row) this.lastLate.delete(user);
    const places = this.places.get(user);
    if (places?.at(-1) === row) {
      places.pop();
      this.placeCount--;
    }
  }

  /** The oldest row of the list that is newer than `row`, as `head` is. */
  private lastAbove(user: number, head: Row, row: Row): Row {
    const { rows } = this;
    const isAbove = (one: Row | undefined): one is Row => one !== undefined && rows.has(one) && rows.isNewer(one, row);
    const late = this.lastLate.get(user);
    const places = this.places.get(user) ?? [];
    const place = places.findLastIndex(isAbove);
    let above = places[place] ?? head;
    if (isAbove(late) && rows.isNewer(above, late)) above = late;
    const passed: Row[] = [];
    for (let steps = 1; ; steps++) {
      const older = this.next(above);
      if (older === undefined || !rows.isNewer(older, row)) break;
      above = older;
      if (steps % this.step === 0) passed.push(above);
    }
    if (passed.length > 0) this.addPlaces(user, place + 1, passed);
    return above;
  }

  /** Late rows of long lists often come in ascending order: each would walk from the head. */
  private addPlaces(user: number, at: number, passed: readonly Row[]): void {
    if (this.placeCount + passed.length > PLACES) {
      this.places.clear();
      this.placeCount = 0;
    }
    const places = this.places.get(user) ?? [];
    places.splice(at, 0, ...passed);
    this.places.set(user, places);
    this.placeCount += passed.length;
  }

  private forgetPlaces(user: number): void {
    this.placeCount -= this.places.get(user)?.length ?? 0;
    this.places.delete(user);
  }

  /** Whether both are of the same event. */
  private isSame(a: Row, b: Row): boolean {
    return !this.rows.isNewer(a, b) && !this.rows.isNewer(b, a);
  }
}
