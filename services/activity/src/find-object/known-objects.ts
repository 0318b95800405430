import type { ObjectRef } from '@activity-feed/contracts';
import { attempt } from '@activity-feed/hosting';
import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Pool } from 'pg';

const KEY = 'known-objects';

/**
 * Whether an object exists: asked of a set in Redis first, and of Postgres for what is not in it. It keeps made-up
 * objects from opening transactions; the transaction has the last word on the others.
 */
@Injectable()
export class KnownObjects {
  constructor(
    private readonly redis: Redis,
    private readonly pool: Pool,
  ) {}

  async has(object: ObjectRef): Promise<boolean> {
    if (await attempt(this.redis.sismember(KEY, member(object)))) return true;
    const { rowCount } = await this.pool.query('SELECT FROM objects WHERE type = $1 AND id = $2', [
      object.type,
      object.id,
    ]);
    if (!rowCount) return false;
    await this.add(object);
    return true;
  }

  async add(object: ObjectRef): Promise<void> {
    await attempt(this.redis.sadd(KEY, member(object)));
  }
}

const member = ({ type, id }: ObjectRef) => `${type}:${id}`;
