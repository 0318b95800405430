/** Remembers the last `most` things, and gives any of them. */
export class Recent<T> {
  private readonly things: T[] = [];
  private added = 0;
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  add(thing: T): void {
    this.things[this.added++ % this.most] = thing;
  }

  any(): T | undefined {
    return this.things[Math.floor(Math.random() * this.things.length)];
  }
}
