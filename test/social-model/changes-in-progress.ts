/** Which objects are being deleted or restored, so that the answer to another write about them may be either. */
export class ChangesInProgress {
  private readonly begun = new Map<string, number>();
  private readonly ended = new Map<string, number>();

  async during<Result>(object: string, change: () => Promise<Result>): Promise<Result> {
    this.begun.set(object, countOf(this.begun, object) + 1);
    try {
      return await change();
    } finally {
      this.ended.set(object, countOf(this.ended, object) + 1);
    }
  }

  /** Returns a function that says whether any of the objects has been changing since, apart from `own` changes of the first. */
  watch(objects: readonly string[], own = 0): () => boolean {
    const before = objects.map((object, place) => countOf(this.ended, object) + (place === 0 ? own : 0));
    return () => objects.some((object, place) => countOf(this.begun, object) > (before[place] as number));
  }
}

const countOf = (counts: ReadonlyMap<string, number>, object: string) => counts.get(object) ?? 0;
