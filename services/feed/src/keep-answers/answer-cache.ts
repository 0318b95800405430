import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { attempt } from '@activity-feed/hosting';
import type { Redis } from 'ioredis';

/**
 * The format of what is kept, a part of every key: an instance of another version neither reads it nor touches it. To be
 * raised by one whenever a kept value gets another shape or meaning, or keys get another. The generation is of all
 * versions, as what outdates answers outdates them all.
 */
const VERSION = 2;
const GENERATION = 'feed.answers.generation';
const nameOf = (key: string) => `feed.answers.v${VERSION}.${key}`;
const lockOf = (key: string) => `${nameOf(key)}.lock`;

/** Lets go of a lock, unless it has run out and is another's by now. */
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end`;
/** The same, and keeps an answer; one without the lock is late, and gives way to one that is there. */
const STORE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[3])
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[3], 'NX')
end`;

/** Milliseconds for which an answer is shared in one process. */
const SHARED = 1_000;

/** Milliseconds for which others wait for the one that computes, and from one look to the next. */
const WAIT_LIMIT = 1_000;
const POLL = 20;

interface Kept {
  generation: string;
  value: string | undefined;
}

interface SharedAnswer {
  /** Milliseconds, as performance.now tells them. */
  begun: number;
  value: Promise<unknown>;
}

/**
 * Keeps what is costly to compute in Redis for some seconds. However many ask for the same at once, in one process or
 * in several, one computes. Without Redis each process computes for itself.
 */
export class AnswerCache {
  private readonly underWay = new Map<string, Promise<unknown>>();
  private readonly shared = new Map<string, SharedAnswer>();

  /** Nothing is kept for 0 seconds. Others wait `waitLimit` milliseconds for the one that computes. */
  constructor(
    private readonly redis: Redis | undefined,
    private readonly seconds: number,
    private readonly waitLimit = WAIT_LIMIT,
  ) {}

  /** What `compute` gives or gave under the same key; a value that JSON can hold. Keeps nothing without a key. */
  keep<Value>(key: string | undefined, compute: () => Promise<Value>): Promise<Value> {
    if (this.seconds === 0 || key === undefined) return compute();
    const known = this.underWay.get(key) as Promise<Value> | undefined;
    if (known) return known;
    const finding = this.find(key, compute).finally(() => this.underWay.delete(key));
    this.underWay.set(key, finding);
    return finding;
  }

  /**
   * The same for a second and in this process alone: for what is quick to compute, but not for each of many. `isFresh`
   * says whether one will do whose computing began at a time (as performance.now tells it). Keys are to be few.
   */
  share<Value>(key: string, compute: () => Promise<Value>, isFresh: (begun: number) => boolean): Promise<Value> {
    if (this.seconds === 0) return compute();
    const now = performance.now();
    const known = this.shared.get(key);
    if (known && known.begun > now - SHARED && isFresh(known.begun)) return known.value as Promise<Value>;
    const answer = { begun: now, value: compute() };
    this.shared.set(key, answer);
    answer.value.catch(() => {
      if (this.shared.get(key) === answer) this.shared.delete(key);
    });
    return answer.value;
  }

  /** Makes everything that was kept before outdated, in all processes. */
  async outdate(): Promise<void> {
    if (this.redis) await attempt(this.redis.incr(GENERATION));
  }

  private async find<Value>(key: string, compute: () => Promise<Value>): Promise<Value> {
    const { redis } = this;
    const kept = redis && (await this.read(redis, key));
    if (!redis || !kept) return compute();
    if (kept.value !== undefined) return JSON.parse(kept.value);
    const holder = randomUUID();
    const locked = await attempt(redis.set(lockOf(key), holder, 'PX', this.waitLimit, 'NX'));
    if (locked === null) {
      const value = await this.waitForOther(redis, key);
      if (value !== undefined) return JSON.parse(value);
    }
    const value = await compute().catch(async (error) => {
      await attempt(redis.eval(RELEASE, 1, lockOf(key), holder));
      throw error;
    });
    // With the generation from before the computing: what was outdated meanwhile is not kept as new.
    const text = `${kept.generation} ${JSON.stringify(value)}`;
    await attempt(redis.eval(STORE, 2, lockOf(key), nameOf(key), holder, text, this.seconds));
    return value;
  }

  /** Undefined when Redis does not answer. */
  private async read(redis: Redis, key: string): Promise<Kept | undefined> {
    const answer = await attempt(redis.mget(GENERATION, nameOf(key)));
    if (!answer) return undefined;
    const [current, text] = answer;
    const generation = current ?? '0';
    const end = text?.indexOf(' ') ?? 0;
    return { generation, value: text?.slice(0, end) === generation ? text.slice(end + 1) : undefined };
  }

  private async waitForOther(redis: Redis, key: string): Promise<string | undefined> {
    const end = performance.now() + this.waitLimit;
    while (performance.now() < end) {
      await pause(POLL);
      const kept = await this.read(redis, key);
      if (!kept || kept.value !== undefined) return kept?.value;
    }
    return undefined;
  }
}
