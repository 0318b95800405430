interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export interface GatheredWorkOptions<Item, Result> {
  /** Groups that are worked on at once. */
  lanes: number;
  /** The most that a group has, unless it is a single item. */
  limit: number;
  sizeOf(item: Item): number;
  /** Returns a result for each item, in the same order. */
  work(items: readonly Item[]): Promise<Result[]>;
}

/** Works on items in groups: those that come in one turn of the event loop, or while all lanes are busy. */
export class GatheredWork<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private busy = 0;

  constructor(private readonly options: GatheredWorkOptions<Item, Result>) {}

  /** Rejects if the group fails. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.waiting.length === 0) setImmediate(() => this.begin());
      this.waiting.push({ item, resolve, reject });
    });
  }

  private begin(): void {
    while (this.waiting.length > 0 && this.busy < this.options.lanes) {
      this.busy++;
      void this.finish(this.takeGroup());
    }
  }

  private takeGroup(): Waiting<Item, Result>[] {
    const { limit, sizeOf } = this.options;
    let size = 0;
    const end = this.waiting.findIndex(({ item }, place) => {
      size += sizeOf(item);
      return place > 0 && size > limit;
    });
    return this.waiting.splice(0, end === -1 ? this.waiting.length : end);
  }

  private async finish(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.options.work(group.map(({ item }) => item));
      group.forEach(({ resolve }, place) => {
        resolve(results[place] as Result);
      });
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
    this.busy--;
    this.begin();
  }
}
