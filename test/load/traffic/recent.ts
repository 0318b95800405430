/** Remembers the last `most` items and returns random ones. */
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
