import { type Answer, FindKeys, type ListedKey, sqlEventTime, type UserId } from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';

/** Relies on the index keys_of_user. */
const LIST = {
  name: 'find-keys',
  text: `
SELECT id, name, ${sqlEventTime('created_at')} AS "createdAt", ${sqlEventTime('last_used_at')} AS "lastUsedAt",
       ${sqlEventTime('expires_at')} AS "expiresAt"
FROM keys WHERE user_id = $1 ORDER BY id DESC`,
};

@Controller()
export class FindKeysHandler {
  constructor(private readonly pool: Pool) {}

  @MessagePattern(FindKeys.pattern)
  async handle({ user }: { user: UserId }): Promise<Answer<ListedKey[]>> {
    return { ok: true, value: (await this.pool.query<ListedKey>(LIST, [user])).rows };
  }
}
