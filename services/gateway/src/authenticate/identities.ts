import { hashKey, ResolveKey, User } from '@activity-feed/contracts';
import { attempt } from '@activity-feed/hosting';
import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Services } from '../services/services';

const LIFE_SECONDS = 300;

/** Whom keys belong to: from Redis, or from social-graph and then kept in Redis. Only hashes of keys leave here. */
@Injectable()
export class Identities {
  constructor(
    private readonly redis: Redis,
    private readonly services: Services,
  ) {}

  /** Throws ApiError KEY_INVALID when nobody has `key`. */
  async resolve(key: string): Promise<User> {
    const keyHash = hashKey(key).toString('hex');
    const cached = await this.cached(keyHash);
    if (cached) return cached;
    const user = await this.services.ask(ResolveKey, { keyHash });
    await attempt(this.redis.set(redisKey(keyHash), JSON.stringify(user), 'EX', LIFE_SECONDS));
    return user;
  }

  private async cached(keyHash: string): Promise<User | undefined> {
    const kept = this.redis.get(redisKey(keyHash)).then((text) => User.parse(JSON.parse(text ?? '')));
    return attempt(kept);
  }
}

const redisKey = (keyHash: string) => `identity:${keyHash}`;
