import { hashKey, isMistyped, ResolveKey, User, type UserId } from '@activity-feed/contracts';
import { attempt } from '@activity-feed/hosting';
import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { ApiError } from '../error-answers/api-error';
import { Services } from '../services/services';

const REDIS_SECONDS = 300;
/** Longer than a user stays in Redis, and than a look-up takes that would put the user there. */
const CHANGED_SECONDS = 600;
/** Milliseconds for which this process caches a user while it hears of all suspensions, and otherwise. */
const LIFE = { hearing: 600_000, otherwise: 30_000 };
const KEPT_KEYS = 50_000;
/**
 * Milliseconds for which an unknown key is cached. Short, since another gateway may register its user in the meantime.
 */
const UNKNOWN_LIFE = 5_000;
const UNKNOWN_KEYS = 50_000;
/** Resolved at each call, so that tests can fake it. */
const CLOCK = { now: () => performance.now() };

/**
 * Looks up the users of keys in this process, in Redis, and at social-graph, and caches them in both. Unknown keys are
 * cached for seconds, only in this process. Only hashes of keys leave the process.
 */
@Injectable()
export class Identities {
  private readonly kept = new LRUCache<string, Found>({ max: KEPT_KEYS, ttl: LIFE.hearing, perf: CLOCK });
  /** By hash, since invented keys may be long. */
  private readonly unknown = new LRUCache<string, true>({ max: UNKNOWN_KEYS, ttl: UNKNOWN_LIFE, perf: CLOCK });
  private readonly underWay = new Map<string, Promise<Found>>();
  /** When users were forgotten, by performance.now. Redis may have them as they were. */
  private readonly forgotten = new LRUCache<UserId, number>({
    max: KEPT_KEYS,
    ttl: CHANGED_SECONDS * 1_000,
    perf: CLOCK,
  });

  private missedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly redis: Redis,
    private readonly services: Services,
  ) {}

  /** Whether this gateway hears of all suspensions at present. */
  hearsAll: () => boolean = () => false;

  /** The cached user of a key. */
  known(key: string): User | undefined {
    const found = this.kept.get(key);
    if (!found) return undefined;
    return this.hearsAll() || CLOCK.now() - found.begunAt < LIFE.otherwise ? found.user : undefined;
  }

  /** Throws ApiError KEY_INVALID if the key is unknown, or USER_SUSPENDED. Concurrent requests share one look-up. */
  async lookUp(key: string): Promise<User> {
    if (isMistyped(key)) throw new ApiError('KEY_INVALID');
    const found = await this.find(hashOf(key));
    // Kept for the short time if suspensions may have been missed since.
    const wasHearing = found.begunAt > this.missedAt;
    this.kept.set(key, found, { ttl: wasHearing ? LIFE.hearing : LIFE.otherwise });
    return found.user;
  }

  /** The same by the hash of a key. */
  async lookUpHash(keyHash: string): Promise<User> {
    return (await this.find(keyHash)).user;
  }

  /** To be called when suspensions may have been missed. */
  forgetAll(): void {
    this.missedAt = CLOCK.now();
    this.kept.clear();
  }

  /** To be called when a user was suspended or reinstated: what is cached of the user is not used any more. */
  async change(user: UserId): Promise<void> {
    await attempt(this.redis.set(changedKey(user), '', 'EX', CHANGED_SECONDS));
    this.forget(user);
  }

  /** Called with each user who is forgotten. */
  onForget: (user: UserId) => void = () => undefined;

  /** The same for this process alone. */
  forget(user: UserId): void {
    this.onForget(user);
    this.forgotten.set(user, CLOCK.now());
    for (const [key, found] of this.kept.entries()) if (found.user.id === user) this.kept.delete(key);
  }

  private async find(keyHash: string): Promise<Found> {
    if (this.unknown.has(keyHash)) throw new ApiError('KEY_INVALID');
    const found = await (this.underWay.get(keyHash) ?? this.begin(keyHash));
    return this.isOutdated(found) ? this.find(keyHash) : found;
  }

  private isOutdated({ user, begunAt }: Found): boolean {
    return (this.forgotten.get(user.id) ?? Number.NEGATIVE_INFINITY) >= begunAt;
  }

  /** To be called when a user was registered with `key`, which may be cached as unknown. */
  registered(key: string): void {
    const keyHash = hashOf(key);
    this.unknown.delete(keyHash);
    // A look-up in progress may have begun before the registration.
    this.underWay.delete(keyHash);
  }

  private begin(keyHash: string): Promise<Found> {
    const begunAt = CLOCK.now();
    const looking: Promise<Found> = this.ask(keyHash)
      .then((user) => ({ user, begunAt }))
      .catch((error) => {
        const isUnknown = error instanceof ApiError && error.code === 'KEY_INVALID';
        if (isUnknown && this.underWay.get(keyHash) === looking) this.unknown.set(keyHash, true);
        throw error;
      })
      .finally(() => {
        if (this.underWay.get(keyHash) === looking) this.underWay.delete(keyHash);
      });
    this.underWay.set(keyHash, looking);
    return looking;
  }

  private async ask(keyHash: string): Promise<User> {
    return (await this.cached(keyHash)) ?? (await this.askSocialGraph(keyHash));
  }

  private async askSocialGraph(keyHash: string): Promise<User> {
    const user = await this.services.ask(ResolveKey, { keyHash });
    await attempt(this.redis.set(redisKey(keyHash), JSON.stringify(user), 'EX', REDIS_SECONDS));
    return user;
  }

  private async cached(keyHash: string): Promise<User | undefined> {
    const user = await attempt(this.redis.get(redisKey(keyHash)).then((text) => User.parse(JSON.parse(text ?? ''))));
    if (!user || this.forgotten.has(user.id)) return undefined;
    // Without an answer, the user may have been suspended.
    return (await attempt(this.redis.exists(changedKey(user.id)))) === 0 ? user : undefined;
  }
}

interface Found {
  user: User;
  /** When the look-up was begun. */
  begunAt: number;
}

/** In hex. Only hashes of keys leave the process. */
export const hashOf = (key: string) => hashKey(key).toString('hex');
const redisKey = (keyHash: string) => `identity:${keyHash}`;
const changedKey = (user: UserId) => `identity-changed:${user}`;
