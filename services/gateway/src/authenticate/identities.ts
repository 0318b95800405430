import { createHash } from 'node:crypto';
import { ResolveKey, User } from '@activity-feed/contracts';
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
    const keyHash = createHash('sha256').update(key).digest('hex');
    const cached = await this.cached(keyHash);
    if (cached) return cached;
    const user = await this.services.ask(ResolveKey, { keyHash });
    await attempt(this.redis.set(redisKey(keyHash), JSON.stringify(user), 'EX', LIFE_SECONDS));
    return user;
  }

  private async cached(keyHash: string): Promise<User | undefined> {
    const text = await attempt(this.redis.get(redisKey(keyHash)));
    return text ? (JSON.parse(text) as User) : undefined;
  }
}

const redisKey = (keyHash: string) => `identity:${keyHash}`;
