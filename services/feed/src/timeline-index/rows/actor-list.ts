import type { Position } from '../../activity/positions';
import type { ActivityRows, Row } from './activity-rows';
import { DayHeads } from './day-heads';
import type { UserTable } from './user-table';

/**
 * Each actor's rows, newest to oldest, as a linked list through the rows. Each row also has a skip link, as in a Fenwick
 * tree: from the nth row of the list to the row numbered n without its lowest set bit. Finding a position takes
 * O(log² n) steps, for 4 bytes a row.
 *
 * Hidden rows are not in the list, but skip links may still lead to them.
 */
export class ActorLists {
  private readonly dayHeads = new DayHeads();

  constructor(
    private readonly rows: ActivityRows,
    private readonly users: UserTable,
    /** Objects whose rows readers skip although they are in lists. */
    private readonly pending: ReadonlySet<number> = new Set(),
  ) {}

  /** Inserts `row` into its actor's list: at the head unless it is late. */
  insert(row: Row): void {
    const actor = this.rows.actorOf(row);
    this.dayHeads.noteJoined(actor, this.rows.timeOf(row));
    const head = this.first(actor);
    if (head === undefined || this.rows.isNewer(row, head)) {
      if (head !== undefined) {
        this.rows.setOlder(row, head);
        this.rows.setSkip(row, this.skipFor(head, this.users.lengthOf(actor)));
      }
      this.users.grow(actor, { row, time: this.rows.timeOf(row) });
    } else {
      this.insertBelow(this.lastAbove(head, row), row);
      this.users.grow(actor);
    }
  }

  /** Takes `row`, which must be in its actor's list, out of it, and marks it. */
  hide(row: Row, mark: number): void {
    const { rows, users } = this;
    const actor = rows.actorOf(row);
    const head = users.head(actor);
    const older = this.next(row);
    rows.mark(row, mark);
    if (row !== head) {
      const above = this.lastAbove(head, row);
      rows.setOlder(above, older ?? above);
    } else if (older === undefined) users.empty(actor);
    else users.shrink(actor, { row: older, time: rows.timeOf(older) });
  }

  /** Inserts a row again that was hidden and has no mark any more. */
  show(row: Row): void {
    this.rows.setOlder(row, row);
    this.rows.setSkip(row, row);
    this.insert(row);
  }

  newest(actor: number): Row | undefined {
    return this.notPending(this.first(actor));
  }

  /** The next older row of the list; undefined if it is not in memory. */
  after(row: Row): Row | undefined {
    return this.notPending(this.next(row));
  }

  newestBefore(actor: number, before: Position): Row | undefined {
    return this.notPending(this.firstBefore(actor, before));
  }

  /**
   * The same for several actors, by their place. Their searches take steps in turn: waits for memory, which take most of the
   * time, overlap. Before the open day, each actor is searched once.
   */
  newestOfEachBefore(actors: Uint32Array, before: Position): (Row | undefined)[] {
    const { rows, dayHeads } = this;
    const isNoted = dayHeads.notes(before);
    const found = Array.from(actors, (actor) => (isNoted ? this.dayHead(actor) : undefined) ?? this.first(actor));
    // The places whose row is still at or after the position.
    const searching: number[] = [];
    for (const [place, row] of found.entries()) {
      if (row !== undefined && rows.compare(row, before) >= 0) searching.push(place);
    }
    while (searching.length > 0) {
      let remaining = 0;
      for (const place of searching) rows.prefetch(rows.skip(found[place] as Row));
      for (const place of searching) {
        const row = found[place] as Row;
        const skip = this.skipTo(row, before);
        if (skip !== undefined) found[place] = skip;
        else {
          const older = this.next(row);
          found[place] = older;
          if (older === undefined || rows.compare(older, before) < 0) continue;
        }
        searching[remaining++] = place;
      }
      searching.length = remaining;
    }
    if (isNoted) {
      for (const [place, row] of found.entries()) if (row !== undefined) dayHeads.set(actors[place] as number, row);
    }
    return found.map((row) => this.notPending(row));
  }

  private dayHead(actor: number): Row | undefined {
    const row = this.dayHeads.of(actor);
    return row !== undefined && this.rows.has(row) && !this.rows.isHidden(row) ? row : undefined;
  }

  // The same without regard to pending objects.
  first(actor: number): Row | undefined {
    return this.users.isEmpty(actor) ? undefined : this.users.head(actor);
  }

  next(row: Row): Row | undefined {
    const older = this.rows.older(row);
    return older === row || !this.rows.has(older) ? undefined : older;
  }

  firstBefore(actor: number, before: Position): Row | undefined {
    const head = this.first(actor);
    if (head === undefined || this.rows.compare(head, before) < 0) return head;
    let row = head;
    for (;;) {
      const skip = this.skipTo(row, before);
      if (skip !== undefined) row = skip;
      else {
        const older = this.next(row);
        if (older === undefined || this.rows.compare(older, before) < 0) return older;
        row = older;
      }
    }
  }

  /** Where the skip link leads, unless that is before the position. */
  private skipTo(row: Row, before: Position): Row | undefined {
    const { rows } = this;
    const direct = rows.skip(row);
    if (direct === row || !rows.has(direct) || rows.compare(direct, before) < 0) return undefined;
    const skip = this.skipOf(row);
    return skip === undefined || skip === direct || rows.compare(skip, before) >= 0 ? skip : undefined;
  }

  contains(actor: number, position: Position): boolean {
    const [first, second, third, fourth] = position.id;
    // Just above the position; the last word may exceed the range of ids.
    const found = this.firstBefore(actor, { time: position.time, id: [first, second, third, fourth + 1] });
    return found !== undefined && this.rows.compare(found, position) === 0;
  }

  /** The row, or the next older one that readers do not skip. */
  private notPending(row: Row | undefined): Row | undefined {
    const { pending } = this;
    if (pending.size === 0) return row;
    let shown = row;
    while (shown !== undefined && this.isPending(shown)) shown = this.next(shown);
    return shown;
  }

  get hasPending(): boolean {
    return this.pending.size > 0;
  }

  isPending(row: Row): boolean {
    return this.hasPending && this.rows.keysOf(row).some((key) => this.pending.has(key));
  }

  /** The oldest row in the list that is newer than `row`. `head` must be newer than `row`. */
  private lastAbove(head: Row, row: Row): Row {
    let above = head;
    for (;;) {
      const skip = this.skipOf(above);
      if (skip !== undefined && this.rows.isNewer(skip, row)) above = skip;
      else {
        const older = this.next(above);
        if (older === undefined || !this.rows.isNewer(older, row)) return above;
        above = older;
      }
    }
  }

  /** Skip links across the new row stay valid: they lead to older rows. */
  private insertBelow(above: Row, row: Row): void {
    const older = this.next(above);
    this.rows.setOlder(row, older ?? row);
    this.rows.setSkip(row, older ?? row);
    this.rows.setOlder(above, row);
  }

  /** The row of the list that the skip link leads to. A link to a hidden row is replaced by one to the next row below. */
  private skipOf(row: Row): Row | undefined {
    const { rows } = this;
    const skip = rows.skip(row);
    if (skip === row || !rows.has(skip)) return undefined;
    if (!rows.isHidden(skip)) return skip;
    const below = this.belowHidden(skip);
    rows.setSkip(row, below ?? row);
    return below;
  }

  /** The newest row of the list below a hidden row, except rows that were inserted after that row was hidden. */
  private belowHidden(hidden: Row): Row | undefined {
    let row: Row | undefined = hidden;
    while (row !== undefined && this.rows.isHidden(row)) row = this.next(row);
    return row;
  }

  /** The skip target of a new head above `length` rows: as many skips from the old head as its number has trailing zeros. */
  private skipFor(head: Row, length: number): Row {
    let row = head;
    let number = length;
    const target = (length + 1) & length;
    while (number > target) {
      const skip = this.skipOf(row);
      if (skip === undefined) return row;
      row = skip;
      number &= number - 1;
    }
    return row;
  }
}
