import {
  type Answer,
  COMMIT_GRACE,
  encodeToken,
  LIMITS_CHANGED,
  SetLimits,
  type SetLimitsCommand,
} from '@activity-feed/contracts';
import { EventStore, inTransaction } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';
import { Announcements } from '../announce-writes/announcements';
import { findAnyByName } from '../find-user/find-by-name';

/** Relies on the primary key of rate_limits. */
const SET = {
  name: 'set-limits',
  text: `
INSERT INTO rate_limits (user_id, reads, writes, aggregates) VALUES ($1, $2, $3, $4)
ON CONFLICT (user_id) DO UPDATE SET reads = EXCLUDED.reads, writes = EXCLUDED.writes, aggregates = EXCLUDED.aggregates`,
};

@Controller()
export class SetLimitsHandler {
  constructor(
    private readonly pool: Pool,
    private readonly events: EventStore,
    private readonly announcements: Announcements,
  ) {}

  @MessagePattern(SetLimits.pattern)
  async handle({ name, limits, deadline }: SetLimitsCommand): Promise<Answer<{ token: string }>> {
    const found = await findAnyByName(this.pool, name);
    if (!found) return { ok: false, code: 'USER_NOT_FOUND' };
    const { id } = found.user;
    const values = [id, limits.reads ?? null, limits.writes ?? null, limits.aggregates ?? null];
    const until = (deadline?.at ?? Number.POSITIVE_INFINITY) + COMMIT_GRACE;
    await inTransaction(this.pool, (tx) => tx.query(SET, values), { until });
    const token = encodeToken({ source: 'social-graph', stream: id, version: await this.events.version(id) });
    // The gateway announces it too, and waits for all others. It may be the only one that has lost Redis.
    await this.announcements.announce(token, [LIMITS_CHANGED]);
    return { ok: true, value: { token } };
  }
}
