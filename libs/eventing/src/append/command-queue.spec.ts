import type { UserId } from '@activity-feed/contracts';
import fc from 'fast-check';
import { CommandQueue, type QueuedCommand } from './command-queue';

interface Named extends QueuedCommand {
  readonly name: string;
}

const item = (name: string, stream: number, state: Named['state'] = 'ready', ...alsoOn: number[]): Named => ({
  name,
  command: { stream: stream as UserId, alsoOn: alsoOn as UserId[] },
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

  it('returns a command on several streams when it is the first of each, and blocks all of them until it is done', () => {
    const queue = queueOf(item('a1', 1), item('ab', 1, 'ready', 2), item('b1', 2), item('c1', 3));
    expect(queue.sizeOf(2)).toBe(2);
    const first = queue.take(10);
    expect(names(first)).toEqual(['a1', 'c1']);
    queue.done(first);
    const second = queue.take(10);
    expect(names(second)).toEqual(['ab']);
    expect(names(queue.take(10))).toEqual([]);
    queue.done(second);
    expect(names(queue.take(10))).toEqual(['b1']);
    expect(queue.size).toBe(0);
  });

  it('counts a command on several streams once, and drops it from all', () => {
    const dropped = item('ab', 1, 'ready', 2);
    const queue = queueOf(item('a1', 1), dropped, item('b1', 2));
    expect([queue.size, names([...queue.waiting()])]).toEqual([3, ['a1', 'ab', 'b1']]);
    queue.drop(dropped);
    expect(queue.size).toBe(2);
    expect(names(queue.take(10))).toEqual(['a1', 'b1']);
  });

  it('returns every command once, in arrival order of each of its streams, for random streams and steps', () => {
    const stream = fc.integer({ min: 1, max: 4 });
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ add: fc.uniqueArray(stream, { minLength: 1, maxLength: 3 }), ready: fc.boolean() }),
      },
      { weight: 3, arbitrary: fc.record({ take: fc.integer({ min: 1, max: 3 }) }) },
      { weight: 3, arbitrary: fc.constant('done' as const) },
      { weight: 1, arbitrary: fc.constant('ready' as const) },
      { weight: 1, arbitrary: fc.record({ drop: fc.nat() }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const queue = new CommandQueue<Named>();
        const added: Named[] = [];
        const taken: Named[] = [];
        const dropped = new Set<Named>();
        let running: Named[] = [];
        const streamsOf = ({ command: { stream, alsoOn = [] } }: Named): number[] => [stream, ...alsoOn];
        const take = (limit: number) => {
          const batch = queue.take(limit);
          running.push(...batch);
          taken.push(...batch);
          const busy = running.flatMap(streamsOf);
          expect(new Set(busy).size).toBe(busy.length);
        };
        const allReady = () => {
          for (const one of added) queue.ready(one);
        };
        const done = () => {
          queue.done(running);
          running = [];
        };
        for (const one of steps) {
          if (one === 'done') done();
          else if (one === 'ready') allReady();
          else if ('take' in one) take(one.take);
          else if ('drop' in one) {
            const waiting = added.filter(({ state }) => state !== 'gone');
            const chosen = waiting[one.drop % waiting.length];
            if (!chosen) continue;
            queue.drop(chosen);
            dropped.add(chosen);
          } else {
            const [first = 1, ...others] = one.add;
            const next = item(`${added.length}`, first, one.ready ? 'ready' : 'pending', ...others);
            added.push(next);
            queue.add(next);
          }
          expect(queue.size).toBe(added.length - taken.length - dropped.size);
        }
        allReady();
        for (let before = -1; before < taken.length; ) {
          before = taken.length;
          done();
          take(10);
        }
        const kept = added.filter((one) => !dropped.has(one));
        for (const on of [1, 2, 3, 4]) {
          const onStream = (items: readonly Named[]) => names(items.filter((one) => streamsOf(one).includes(on)));
          expect(onStream(taken)).toEqual(onStream(kept));
        }
      }),
    );
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
