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
  private readonly kept = new LRUCache<string, User>({ max: KEPT_KEYS, ttl: LIFE });

  constructor(
    private readonly redis: Redis,
    private readonly services: Services,
  ) {}

  /** The user of a key that was looked up lately. */
  known(key: string): User | undefined {
    return this.kept.get(key);
  }

  /** Throws ApiError KEY_INVALID when nobody has `key`. */
  async lookUp(key: string): Promise<User> {
    const keyHash = hashKey(key).toString('hex');
    const user = (await this.cached(keyHash)) ?? (await this.askSocialGraph(keyHash));
    this.kept.set(key, user);
    return user;
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

const redisKey = (keyHash: string) => `identity:${keyHash}`;
