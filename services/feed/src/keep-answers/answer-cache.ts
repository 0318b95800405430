import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { attempt } from '@activity-feed/hosting';
import type { Redis } from 'ioredis';
import { ANSWERS_VERSION } from './answers-version';

/** Shared by all versions of the service: a change of the aggregates outdates all answers. */
const GENERATION = 'feed.answers.generation';
const nameOf = (key: string) => `feed.answers.v${ANSWERS_VERSION}.${key}`;
const lockOf = (key: string) => `${nameOf(key)}.lock`;

/** Releases a lock unless it has expired and is held by another process. */
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end`;
/** The same, and stores the answer. Without the lock the answer is late and does not replace an existing one. */
const STORE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[3])
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[3], 'NX')
end`;

/** Milliseconds for which {@link AnswerCache.share} reuses an answer. */
const SHARED = 1_000;

/** Milliseconds to wait for an answer that another process computes, and between polls. */
const WAIT_LIMIT = 1_000;
const POLL = 20;

interface Kept {
  generation: string;
  /** As JSON; undefined for a key without a valid answer. */
  values: (string | undefined)[];
}

interface SharedAnswer {
  /** By performance.now. */
  begun: number;
  value: Promise<unknown>;
}

/**
 * Caches expensive answers in Redis for some seconds. Concurrent requests for the same key, in one process or several,
 * compute it once. Without Redis each process computes its own.
 */
export class AnswerCache {
  private readonly underWay = new Map<string, Promise<unknown>>();
  private readonly shared = new Map<string, SharedAnswer>();

  /** `seconds` = 0 disables the cache. `waitLimit` in milliseconds. */
  constructor(
    private readonly redis: Redis | undefined,
    private readonly seconds: number,
    private readonly waitLimit = WAIT_LIMIT,
  ) {}

  /** The result of `compute`, which JSON must be able to hold, or a cached one. Without a key nothing is cached. */
  keep<Value>(key: string | undefined, compute: () => Promise<Value>): Promise<Value> {
    if (this.seconds === 0 || key === undefined) return compute();
    const known = this.underWay.get(key) as Promise<Value> | undefined;
    if (known) return known;
    const finding = this.find(key, compute).finally(() => this.underWay.delete(key));
    this.underWay.set(key, finding);
    return finding;
  }

  /**
   * The values of `items`, each cached by its own key; `compute` gets those without a cached value. Concurrent requests
   * for the same item may each compute it. Without keys nothing is cached.
   */
  async keepEach<Item, Value>(
    items: readonly Item[],
    keyOf: ((item: Item) => string) | undefined,
    compute: (missing: readonly Item[]) => Promise<Value[]>,
  ): Promise<Value[]> {
    const { redis } = this;
    const kept = this.seconds > 0 && redis && keyOf && (await this.read(redis, items.map(keyOf)));
    if (!kept) return compute(items);
    const missing = items.filter((_, place) => kept.values[place] === undefined);
    if (missing.length === 0) return kept.values.map((value) => JSON.parse(value as string));
    const computed = await compute(missing);
    const storing = redis.pipeline();
    for (const [place, item] of missing.entries()) {
      storing.set(nameOf(keyOf(item)), textOf(kept, computed[place]), 'EX', this.seconds);
    }
    await attempt(storing.exec());
    const next = computed.values();
    return kept.values.map((value) => (value === undefined ? next.next().value : JSON.parse(value)));
  }

  /**
   * Caches for a second, in this process only: for answers that are cheap but requested very often. `isFresh` says
   * whether an answer is acceptable, given when its computation began (by performance.now). Shared answers are never
   * evicted, so keys must be few.
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

  /** Invalidates all answers cached so far, in all processes. */
  async outdate(): Promise<void> {
    if (this.redis) await attempt(this.redis.incr(GENERATION));
  }

  private async find<Value>(key: string, compute: () => Promise<Value>): Promise<Value> {
    const { redis } = this;
    const kept = redis && (await this.read(redis, [key]));
    if (!redis || !kept) return compute();
    const [known] = kept.values;
    if (known !== undefined) return JSON.parse(known);
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
    // With the generation read before computing: an answer that was invalidated meanwhile stays invalid.
    await attempt(redis.eval(STORE, 2, lockOf(key), nameOf(key), holder, textOf(kept, value), this.seconds));
    return value;
  }

  private async read(redis: Redis, keys: readonly string[]): Promise<Kept | undefined> {
    const answer = await attempt(redis.mget(GENERATION, ...keys.map(nameOf)));
    if (!answer) return undefined;
    const [current, ...texts] = answer;
    const generation = current ?? '0';
    const start = `${generation} `;
    return {
      generation,
      values: texts.map((text) => (text?.startsWith(start) ? text.slice(start.length) : undefined)),
    };
  }

  private async waitForOther(redis: Redis, key: string): Promise<string | undefined> {
    const end = performance.now() + this.waitLimit;
    while (performance.now() < end) {
      await pause(POLL);
      const kept = await this.read(redis, [key]);
      if (!kept || kept.values[0] !== undefined) return kept?.values[0];
    }
    return undefined;
  }
}

const textOf = ({ generation }: Kept, value: unknown) => `${generation} ${JSON.stringify(value)}`;
