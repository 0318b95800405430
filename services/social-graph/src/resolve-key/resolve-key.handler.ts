import {
  type Answer,
  type KeyQuery,
  type KeyUser,
  type OwnRateLimits,
  ResolveKey,
  type User,
} from '@activity-feed/contracts';
import { attempt } from '@activity-feed/hosting';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';

const THIS_HOUR = "date_trunc('hour', now(), 'UTC')";

const RESOLVE = {
  name: 'resolve-key',
  text: `
SELECT users.id, users.name, suspended, ceil(extract(epoch FROM expires_at - clock_timestamp()) * 1000)::float8 AS "expiresIn",
       coalesce(last_used_at < ${THIS_HOUR}, true) AS "isFirstUse", jsonb_strip_nulls(to_jsonb(rate_limits) - 'user_id') AS limits
FROM keys JOIN users ON users.id = keys.user_id LEFT JOIN rate_limits USING (user_id)
WHERE key_hash = decode($1, 'hex') AND (expires_at IS NULL OR expires_at > clock_timestamp())`,
};

/** Once an hour for each key, whatever the number of its uses. */
const NOTE_USE = {
  name: 'note-use-of-key',
  text: `
UPDATE keys SET last_used_at = ${THIS_HOUR}
WHERE key_hash = decode($1, 'hex') AND (last_used_at IS NULL OR last_used_at < ${THIS_HOUR})`,
};

interface Row extends User {
  suspended: boolean;
  expiresIn: number | null;
  isFirstUse: boolean;
  limits: OwnRateLimits | null;
}

@Controller()
export class ResolveKeyHandler {
  constructor(private readonly pool: Pool) {}

  @MessagePattern(ResolveKey.pattern)
  async handle({ keyHash, withExpiry, withLimits }: KeyQuery): Promise<Answer<KeyUser>> {
    const { rows } = await this.pool.query<Row>(RESOLVE, [keyHash]);
    if (!rows[0]) return { ok: false, code: 'KEY_INVALID' };
    const { suspended, expiresIn, isFirstUse, limits, ...user } = rows[0];
    if (suspended) return { ok: false, code: 'USER_SUSPENDED' };
    // Nobody waits for it. If it fails, the next look-up notes the use.
    if (isFirstUse) void attempt(this.pool.query(NOTE_USE, [keyHash]));
    const value = {
      ...user,
      ...(withExpiry && expiresIn !== null && { expiresIn }),
      ...(withLimits && limits && { limits }),
    };
    return { ok: true, value };
  }
}
