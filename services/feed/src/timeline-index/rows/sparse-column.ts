const FIRST_SLOTS = 16;

/**
 * Numbers for the few rows of a segment that have one, in typed arrays: 12 bytes each, and a quarter more at most in a
 * column that has just grown.
 */
export class SparseColumn {
  /** Ascending. */
  private rows = new Uint32Array(0);
  private ids = new Float64Array(0);
  private count = 0;

  /** Bytes outside the JavaScript heap. */
  get bytes(): number {
    return this.rows.byteLength + this.ids.byteLength;
  }

  /** `row` is above all earlier ones. */
  add(row: number, id: number): void {
    if (this.count === this.rows.length) this.grow();
    this.rows[this.count] = row;
    this.ids[this.count++] = id;
  }

  get(row: number): number | undefined {
    let [from, to] = [0, this.count];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.rows[middle] as number) < row) from = middle + 1;
      else to = middle;
    }
    return from < this.count && this.rows[from] === row ? this.ids[from] : undefined;
  }

  forEachRow(visit: (row: number) => void): void {
    for (let place = 0; place < this.count; place++) visit(this.rows[place] as number);
  }

  private grow(): void {
    const slots = Math.max(FIRST_SLOTS, this.count + (this.count >> 2));
    const { rows, ids } = this;
    this.rows = new Uint32Array(slots);
    this.rows.set(rows);
    this.ids = new Float64Array(slots);
    this.ids.set(ids);
  }
}
