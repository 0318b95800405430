const FIRST_SLOTS = 16;

/**
 * Numbers for the few rows of a segment that have one, in typed arrays: 10 bytes each, 14 with users, and an eighth more at
 * most in a column that has just grown. A segment has at most 65,536 rows.
 */
export class SparseColumn {
  /** Ascending. */
  private rows = new Uint16Array(0);
  private ids = new Float64Array(0);
  private users: Uint32Array | undefined;
  private count = 0;

  /** `withUsers`: whether each number has a user's number beside it. */
  constructor({ withUsers = false } = {}) {
    if (withUsers) this.users = new Uint32Array(0);
  }

  /** Bytes outside the JavaScript heap. */
  get bytes(): number {
    return this.rows.byteLength + this.ids.byteLength + (this.users?.byteLength ?? 0);
  }

  /** `row` is above all earlier ones. */
  add(row: number, id: number, user = 0): void {
    if (this.count === this.rows.length) this.grow();
    this.rows[this.count] = row;
    if (this.users) this.users[this.count] = user;
    this.ids[this.count++] = id;
  }

  get(row: number): number | undefined {
    const place = this.placeOf(row);
    return place === undefined ? undefined : this.ids[place];
  }

  userOf(row: number): number | undefined {
    const place = this.placeOf(row);
    return place === undefined ? undefined : this.users?.[place];
  }

  forEachRow(visit: (row: number) => void): void {
    for (let place = 0; place < this.count; place++) visit(this.rows[place] as number);
  }

  private placeOf(row: number): number | undefined {
    let [from, to] = [0, this.count];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.rows[middle] as number) < row) from = middle + 1;
      else to = middle;
    }
    return from < this.count && this.rows[from] === row ? from : undefined;
  }

  private grow(): void {
    const slots = Math.max(FIRST_SLOTS, this.count + (this.count >> 3));
    const { rows, ids, users } = this;
    this.rows = new Uint16Array(slots);
    this.rows.set(rows);
    this.ids = new Float64Array(slots);
    this.ids.set(ids);
    if (!users) return;
    this.users = new Uint32Array(slots);
    this.users.set(users);
  }
}
