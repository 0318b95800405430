import { attempt } from '@activity-feed/hosting';
import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Pool } from 'pg';

const KEY = 'known-names';

/**
 * Whether a user name exists: asked of a set in Redis first, and of Postgres for what is not in it. It keeps made-up
 * names from opening transactions; the transaction has the last word on the others.
 */
@Injectable()
export class KnownNames {
  constructor(
    private readonly redis: Redis,
    private readonly pool: Pool,
  ) {}

  async has(name: string): Promise<boolean> {
    if (await attempt(this.redis.sismember(KEY, name))) return true;
    const { rowCount } = await this.pool.query('SELECT FROM users WHERE name = $1', [name]);
    if (!rowCount) return false;
    await this.add(name);
    return true;
  }

  async add(name: string): Promise<void> {
    await attempt(this.redis.sadd(KEY, name));
  }
}
