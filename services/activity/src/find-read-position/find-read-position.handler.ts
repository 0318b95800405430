import { type Answer, FindReadPosition, type KeptFeed, type UserId } from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';

/** Relies on the primary key of marks. */
const POSITION = {
  name: 'read-position',
  text: `SELECT data -> 'positions' ->> $2 AS position FROM marks WHERE stream = $1`,
};

@Controller()
export class FindReadPositionHandler {
  constructor(private readonly pool: Pool) {}

  @MessagePattern(FindReadPosition.pattern)
  async handle({ reader, feed }: { reader: UserId; feed: KeptFeed }): Promise<Answer<{ position: string | null }>> {
    const { rows } = await this.pool.query<{ position: string | null }>({ ...POSITION, values: [reader, feed] });
    return { ok: true, value: { position: rows[0]?.position ?? null } };
  }
}
