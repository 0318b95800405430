import { hashKey, ResolveKey, User } from '@activity-feed/contracts';
import { attempt } from '@activity-feed/hosting';
import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { ApiError } from '../error-answers/api-error';
import { Services } from '../services/services';

const REDIS_SECONDS = 300;
/** Milliseconds for which a key is not looked up again in this process. */
const LIFE = 30_000;
const KEPT_KEYS = 50_000;
/** The same for a key that nobody has: not long, since its user may be registered meanwhile through another gateway. */
const UNKNOWN_LIFE = 5_000;
const UNKNOWN_KEYS = 50_000;
/** Looked up at each use, so that tests can move it. */
const CLOCK = { now: () => performance.now() };

/**
 * Whom keys belong to: from this process, from Redis, or from social-graph and then kept in both. A key that nobody has
 * is remembered too, for seconds and in this process alone. Only hashes of keys leave the process.
 */
@Injectable()
export class Identities {
  private readonly kept = new LRUCache<string, User>({ max: KEPT_KEYS, ttl: LIFE, perf: CLOCK });
  /** By hash, as anybody can make up keys, and long ones. */
  private readonly unknown = new LRUCache<string, true>({ max: UNKNOWN_KEYS, ttl: UNKNOWN_LIFE, perf: CLOCK });
  private readonly underWay = new Map<string, Promise<User>>();

  constructor(
    private readonly redis: Redis,
    private readonly services: Services,
  ) {}

  /** The user of a key that was looked up lately. */
  known(key: string): User | undefined {
    return this.kept.get(key);
  }

  /** Throws ApiError KEY_INVALID when nobody has `key`. However many requests bring it at once, it is looked up once. */
  async lookUp(key: string): Promise<User> {
    const keyHash = hashOf(key);
    if (this.unknown.has(keyHash)) throw new ApiError('KEY_INVALID');
    const user = await (this.underWay.get(keyHash) ?? this.begin(keyHash));
    this.kept.set(key, user);
    return user;
  }

  /** Says that a user was registered with `key`, which may have been presented before. */
  registered(key: string): void {
    const keyHash = hashOf(key);
    this.unknown.delete(keyHash);
    // What it answers may be of before the registration.
    this.underWay.delete(keyHash);
  }

  private begin(keyHash: string): Promise<User> {
    const looking: Promise<User> = this.find(keyHash)
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

  private async find(keyHash: string): Promise<User> {
    return (await this.cached(keyHash)) ?? (await this.askSocialGraph(keyHash));
  }

  private async askSocialGraph(keyHash: string): Promise<User> {
    const user = await this.services.ask(ResolveKey, { keyHash });
    await attempt(this.redis.set(redisKey(keyHash), JSON.stringify(user), 'EX', REDIS_SECONDS));
    return user;
  }

  private async cached(keyHash: string): Promise<User | undefined> {
    return attempt(this.redis.get(redisKey(keyHash)).then((text) => User.parse(JSON.parse(text ?? ''))));
  }
}

const hashOf = (key: string) => hashKey(key).toString('hex');
const redisKey = (keyHash: string) => `identity:${keyHash}`;
