import { type Answer, FindLimits, type OwnRateLimits } from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';

/** Relies on the primary key of rate_limits, and on the unique names of users. */
const FIND = {
  name: 'find-limits',
  text: `
SELECT coalesce(jsonb_strip_nulls(to_jsonb(rate_limits) - 'user_id'), '{}') AS limits
FROM users LEFT JOIN rate_limits ON user_id = id WHERE name = $1`,
};

@Controller()
export class FindLimitsHandler {
  constructor(private readonly pool: Pool) {}

  @MessagePattern(FindLimits.pattern)
  async handle({ name }: { name: string }): Promise<Answer<OwnRateLimits>> {
    const { rows } = await this.pool.query<{ limits: OwnRateLimits }>(FIND, [name]);
    return rows[0] ? { ok: true, value: rows[0].limits } : { ok: false, code: 'USER_NOT_FOUND' };
  }
}
