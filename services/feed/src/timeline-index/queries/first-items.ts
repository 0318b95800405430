/** Keeps the first `limit` in an order of the items that it is given, and a few more until the next sorting. */
export class FirstItems<Item> {
  private items: Item[] = [];
  private cutAt: Item | undefined;

  /** `compare` orders items as a sort does. */
  constructor(
    private readonly limit: number,
    private readonly compare: (a: Item, b: Item) => number,
  ) {}

  /** What comes behind this one is not among the first; undefined while everything may be. */
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
