import type { StreamCommand } from './command-kind';

/**
 * Commands that wait for a transaction. At most one of each stream is under way at a time, so that a later one decides
 * on what an earlier one did.
 */
export class CommandQueue<Item extends { command: StreamCommand }> {
  private waiting: Item[] = [];
  private readonly busy = new Set<number>();

  add(item: Item): void {
    this.waiting.push(item);
  }

  /** The first `limit` that can go now, at most one of each stream; to be given back by {@link done}. */
  take(limit: number): Item[] {
    const taken: Item[] = [];
    const left: Item[] = [];
    for (const item of this.waiting) {
      const { stream } = item.command;
      if (taken.length < limit && !this.busy.has(stream)) {
        this.busy.add(stream);
        taken.push(item);
      } else left.push(item);
    }
    this.waiting = left;
    return taken;
  }

  done(items: readonly Item[]): void {
    for (const { command } of items) this.busy.delete(command.stream);
  }
}
