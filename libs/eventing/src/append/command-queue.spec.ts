import type { UserId } from '@activity-feed/contracts';
import { CommandQueue, type QueuedCommand } from './command-queue';

interface Named extends QueuedCommand {
  readonly name: string;
}

const item = (name: string, stream: number, state: Named['state'] = 'ready'): Named => ({
  name,
  command: { stream: stream as UserId },
  state,
});

const queueOf = (...items: Named[]) => {
  const queue = new CommandQueue<Named>();
  for (const one of items) queue.add(one);
  return queue;
};
const names = (items: readonly Named[]) => items.map(({ name }) => name);

describe('the command queue', () => {
  it('returns commands of the same stream in arrival order, one at a time', () => {
    const queue = queueOf(item('a1', 1), item('a2', 1), item('b1', 2), item('a3', 1));
    const first = queue.take(10);
    expect(names(first)).toEqual(['a1', 'b1']);
    expect(names(queue.take(10))).toEqual([]);
    queue.done(first);
    const second = queue.take(10);
    expect(names(second)).toEqual(['a2']);
    queue.done(second);
    expect(names(queue.take(10))).toEqual(['a3']);
    expect(queue.size).toBe(0);
  });

  it('returns at most as many commands as requested, and the rest later', () => {
    const queue = queueOf(...Array.from({ length: 5 }, (_, index) => item(`${index}`, index)));
    expect(names(queue.take(3))).toEqual(['0', '1', '2']);
    expect(queue.size).toBe(2);
    expect(names(queue.take(3))).toEqual(['3', '4']);
  });

  it('blocks only the stream whose first command is pending', () => {
    const pending = item('a1', 1, 'pending');
    const queue = queueOf(pending, item('a2', 1), item('b1', 2));
    expect(names(queue.take(10))).toEqual(['b1']);
    queue.ready(pending);
    const first = queue.take(10);
    expect(names(first)).toEqual(['a1']);
    queue.done(first);
    expect(names(queue.take(10))).toEqual(['a2']);
  });

  it('skips dropped commands at any position', () => {
    const [first, middle] = [item('a1', 1, 'pending'), item('a2', 1)];
    const queue = queueOf(first, middle, item('a3', 1));
    queue.drop(middle);
    expect(names(queue.take(10))).toEqual([]);
    queue.drop(first);
    queue.drop(first);
    queue.ready(first);
    expect(queue.size).toBe(1);
    expect(names([...queue.waiting()])).toEqual(['a3']);
    expect(names(queue.take(10))).toEqual(['a3']);
  });

  it('counts the waiting commands of each stream', () => {
    const dropped = item('a3', 1);
    const queue = queueOf(item('a1', 1), item('a2', 1), dropped, item('b1', 2));
    expect([1, 2, 3].map((stream) => queue.sizeOf(stream))).toEqual([3, 1, 0]);
    queue.take(10);
    queue.drop(dropped);
    expect([1, 2, 3].map((stream) => queue.sizeOf(stream))).toEqual([1, 0, 0]);
  });

  it('accepts commands for a stream that was empty before', () => {
    const queue = queueOf(item('a1', 1));
    queue.done(queue.take(1));
    const dropped = item('a2', 1);
    queue.add(dropped);
    queue.drop(dropped);
    queue.add(item('a3', 1));
    expect(names(queue.take(10))).toEqual(['a3']);
  });

  it('inspects no more commands than it returns, however many are waiting', () => {
    const lookedAt = new Set<string>();
    const watched = (name: string, stream: number): Named => ({
      ...item(name, stream),
      get command() {
        lookedAt.add(name);
        return { stream: stream as UserId };
      },
      get name() {
        return name;
      },
      state: 'ready',
    });
    const queue = queueOf(
      ...Array.from({ length: 1_000 }, (_, index) => watched(`same ${index}`, 1)),
      ...Array.from({ length: 1_000 }, (_, index) => watched(`other ${index}`, index + 2)),
    );
    lookedAt.clear();
    queue.done(queue.take(10));
    expect(lookedAt.size).toBeLessThanOrEqual(10);
  });
});
