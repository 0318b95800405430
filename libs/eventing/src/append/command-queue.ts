import type { StreamCommand } from './command-kind';
import { Fifo } from './fifo';

export interface QueuedCommand {
  readonly command: StreamCommand;
  /** `pending` while what it depends on is not known yet; `gone` when it does not wait, or not any more. */
  state: 'pending' | 'ready' | 'gone';
}

interface StreamQueue<Item> {
  readonly items: Fifo<Item>;
  /** How many of them wait. */
  waiting: number;
  /** One of its commands is under way. */
  busy: boolean;
  /** It stands in the list of streams that can go. */
  listed: boolean;
}

/**
 * Commands that wait for a transaction. Those of one stream go in the order in which they came, one at a time, so that
 * a later one decides on what an earlier one did. A command that is pending holds up its own stream and no other.
 */
export class CommandQueue<Item extends QueuedCommand> {
  private readonly streams = new Map<number, StreamQueue<Item>>();
  /** Streams that are not busy and whose first command is ready, but for those that have changed meanwhile. */
  private readonly runnable = new Fifo<StreamQueue<Item>>();
  private count = 0;

  /** How many wait. */
  get size(): number {
    return this.count;
  }

  /** How many of `stream` wait. */
  sizeOf(stream: number): number {
    return this.streams.get(stream)?.waiting ?? 0;
  }

  /** `item` is pending or ready. */
  add(item: Item): void {
    const { stream } = item.command;
    const queue = this.streams.get(stream) ?? { items: new Fifo<Item>(), waiting: 0, busy: false, listed: false };
    this.streams.set(stream, queue);
    queue.items.push(item);
    queue.waiting++;
    this.count++;
    this.list(stream, queue);
  }

  /** Says of a waiting command that is pending that it can go. */
  ready(item: Item): void {
    if (item.state !== 'pending') return;
    item.state = 'ready';
    this.update(item);
  }

  /** Takes a command out, if it waits. */
  drop(item: Item): void {
    if (item.state === 'gone') return;
    item.state = 'gone';
    this.count--;
    const queue = this.streams.get(item.command.stream);
    if (queue) queue.waiting--;
    this.update(item);
  }

  /** Up to `limit` that can go now, at most one of each stream; to be given back by {@link done}. */
  take(limit: number): Item[] {
    const taken: Item[] = [];
    while (taken.length < limit) {
      const queue = this.runnable.shift();
      if (!queue) break;
      queue.listed = false;
      if (headOf(queue)?.state !== 'ready') continue;
      queue.busy = true;
      queue.waiting--;
      this.count--;
      const item = queue.items.shift() as Item;
      item.state = 'gone';
      taken.push(item);
    }
    return taken;
  }

  done(items: readonly Item[]): void {
    for (const item of items) {
      const queue = this.streams.get(item.command.stream);
      if (!queue) continue;
      queue.busy = false;
      this.list(item.command.stream, queue);
    }
  }

  /** Every command that waits. */
  *waiting(): Iterable<Item> {
    for (const { items } of this.streams.values()) {
      for (const item of items) if (item.state !== 'gone') yield item;
    }
  }

  private update({ command: { stream } }: Item): void {
    const queue = this.streams.get(stream);
    if (queue) this.list(stream, queue);
  }

  /** Lists the stream if it can go, and forgets it when there is nothing of it any more. */
  private list(stream: number, queue: StreamQueue<Item>): void {
    const head = headOf(queue);
    if (!head && !queue.busy) this.streams.delete(stream);
    if (head?.state !== 'ready' || queue.busy || queue.listed) return;
    queue.listed = true;
    this.runnable.push(queue);
  }
}

/** The first command of a stream; removes dropped commands before it. */
function headOf<Item extends QueuedCommand>({ items }: StreamQueue<Item>): Item | undefined {
  while (items.head?.state === 'gone') items.shift();
  return items.head;
}
