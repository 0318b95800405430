import { KnownSet } from '@activity-feed/backend';
import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Pool } from 'pg';

/** The names of registered users. */
@Injectable()
export class KnownNames extends KnownSet {
  constructor(redis: Redis, pool: Pool) {
    super(redis, 'known-names', async (name) => {
      const { rowCount } = await pool.query({ name: 'is-name-known', text: 'SELECT FROM users WHERE name = $1' }, [
        name,
      ]);
      return rowCount !== 0;
    });
  }
}
