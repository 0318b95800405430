/** Collects the first `limit` items in sort order. Sorts and cuts only after a number of additions. */
export class FirstItems<Item> {
  private items: Item[] = [];
  private cutAt: Item | undefined;

  constructor(
    private readonly limit: number,
    private readonly compare: (a: Item, b: Item) => number,
  ) {}

  /** Items after this one are not among the first; undefined while any may be. */
  get last(): Item | undefined {
    return this.cutAt;
  }

  add(item: Item): void {
    this.items.push(item);
    if (this.items.length >= 4 * this.limit + 64) this.cut();
  }

  inOrder(): Item[] {
    this.cut();
    return this.items;
  }

  private cut(): void {
    this.items.sort(this.compare);
    if (this.items.length < this.limit) return;
    this.items.length = this.limit;
    this.cutAt = this.items[this.limit - 1];
  }
}
