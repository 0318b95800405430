import { KnownSet } from '@activity-feed/backend';
import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Pool } from 'pg';

const EXISTS = { name: 'is-object-known', text: 'SELECT FROM objects WHERE type = $1 AND id = $2' };

/** Objects that exist, as `type:id`. */
@Injectable()
export class KnownObjects extends KnownSet {
  constructor(redis: Redis, pool: Pool) {
    super(redis, 'known-objects', async (object) => {
      const { rowCount } = await pool.query(EXISTS, object.split(':'));
      return rowCount !== 0;
    });
  }
}
