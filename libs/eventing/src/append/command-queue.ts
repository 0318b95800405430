import { type StreamCommand, streamsOf } from './command-kind';
import { Fifo } from './fifo';

export interface QueuedCommand {
  readonly command: StreamCommand;
  /** `pending` until its precondition is met; `gone` when it is not in the queue. */
  state: 'pending' | 'ready' | 'gone';
}

interface StreamQueue<Item> {
  readonly items: Fifo<Item>;
  /** Number of items that are not `gone`. */
  waiting: number;
  /** Whether one of its commands is in progress. */
  busy: boolean;
  /** Whether it is in the list of runnable streams. */
  listed: boolean;
}

/**
 * Commands that wait for a transaction. Commands of the same stream run in arrival order, one at a time, so that each
 * decides on the result of the previous one. A command on several streams runs when it is the first of each. A pending
 * command blocks only its own streams.
 */
export class CommandQueue<Item extends QueuedCommand> {
  private readonly streams = new Map<number, StreamQueue<Item>>();
  /** Streams that were idle with a ready first command when they were added; `take` checks them again. */
  private readonly runnable = new Fifo<StreamQueue<Item>>();
  private count = 0;

  /** Number of waiting commands. */
  get size(): number {
    return this.count;
  }

  /** Number of waiting commands of `stream`. */
  sizeOf(stream: number): number {
    return this.streams.get(stream)?.waiting ?? 0;
  }

  /** The state of `item` must be `pending` or `ready`. */
  add(item: Item): void {
    for (const stream of streamsOf(item.command)) {
      const queue = this.streams.get(stream) ?? { items: new Fifo<Item>(), waiting: 0, busy: false, listed: false };
      this.streams.set(stream, queue);
      queue.items.push(item);
      queue.waiting++;
    }
    this.count++;
    this.update(item);
  }

  /** Marks a pending command as ready; ignores any other. */
  ready(item: Item): void {
    if (item.state !== 'pending') return;
    item.state = 'ready';
    this.update(item);
  }

  /** Removes a command if it is waiting. */
  drop(item: Item): void {
    if (item.state === 'gone') return;
    item.state = 'gone';
    this.count--;
    for (const queue of this.queuesOf(item)) queue.waiting--;
    this.update(item);
  }

  /** Removes up to `limit` ready commands, at most one of each stream. Call {@link done} when they have ended. */
  take(limit: number): Item[] {
    const taken: Item[] = [];
    while (taken.length < limit) {
      const queue = this.runnable.shift();
      if (!queue) break;
      queue.listed = false;
      const item = headOf(queue);
      if (item?.state !== 'ready') continue;
      const queues = this.queuesOf(item);
      // Otherwise its stream is listed again when the last command before it is done.
      if (!queues.every((one) => !one.busy && headOf(one) === item)) continue;
      for (const one of queues) {
        one.busy = true;
        one.waiting--;
        one.items.shift();
      }
      this.count--;
      item.state = 'gone';
      taken.push(item);
    }
    return taken;
  }

  done(items: readonly Item[]): void {
    for (const item of items) {
      for (const queue of this.queuesOf(item)) queue.busy = false;
      this.update(item);
    }
  }

  /** All waiting commands. */
  *waiting(): Iterable<Item> {
    for (const [stream, { items }] of this.streams) {
      for (const item of items) if (item.state !== 'gone' && item.command.stream === stream) yield item;
    }
  }

  /** Lists the streams of `item` that can run now. */
  private update({ command }: Item): void {
    for (const stream of streamsOf(command)) {
      const queue = this.streams.get(stream);
      if (queue) this.list(stream, queue);
    }
  }

  private queuesOf({ command }: Item): StreamQueue<Item>[] {
    return streamsOf(command).flatMap((stream) => this.streams.get(stream) ?? []);
  }

  /** Adds the stream to the runnable ones if its first command can run; deletes it if it is empty. */
  private list(stream: number, queue: StreamQueue<Item>): void {
    const head = headOf(queue);
    if (!head && !queue.busy) this.streams.delete(stream);
    if (head?.state !== 'ready' || queue.busy || queue.listed) return;
    queue.listed = true;
    this.runnable.push(queue);
  }
}

/** The first waiting command of a stream; removes dropped commands before it. */
function headOf<Item extends QueuedCommand>({ items }: StreamQueue<Item>): Item | undefined {
  while (items.head?.state === 'gone') items.shift();
  return items.head;
}
