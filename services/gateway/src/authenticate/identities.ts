import { hashKey, ResolveKey, User } from '@activity-feed/contracts';
import { attempt } from '@activity-feed/hosting';
import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { Services } from '../services/services';

const REDIS_SECONDS = 300;
/** Milliseconds for which a key is not looked up again in this process. */
const LIFE = 30_000;
const KEPT_KEYS = 50_000;

/**
 * Whom keys belong to: from this process, from Redis, or from social-graph and then kept in both. Only hashes of keys
 * leave the process.
 */
@Injectable()
export class Identities {
  private readonly known = new LRUCache<string, User>({ max: KEPT_KEYS, ttl: LIFE });

  constructor(
    private readonly redis: Redis,
    private readonly services: Services,
  ) {}

  /** Throws ApiError KEY_INVALID when nobody has `key`. */
  async resolve(key: string): Promise<User> {
    const known = this.known.get(key);
    if (known) return known;
    const user = await this.lookUp(key);
    this.known.set(key, user);
    return user;
  }

  private async lookUp(key: string): Promise<User> {
    const keyHash = hashKey(key).toString('hex');
    const cached = await this.cached(keyHash);
    if (cached) return cached;
    const user = await this.services.ask(ResolveKey, { keyHash });
    await attempt(this.redis.set(redisKey(keyHash), JSON.stringify(user), 'EX', REDIS_SECONDS));
    return user;
  }

  private async cached(keyHash: string): Promise<User | undefined> {
    const kept = this.redis.get(redisKey(keyHash)).then((text) => User.parse(JSON.parse(text ?? '')));
    return attempt(kept);
  }
}

const redisKey = (keyHash: string) => `identity:${keyHash}`;
