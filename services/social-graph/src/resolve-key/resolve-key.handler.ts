import { type Answer, ResolveKey, type User } from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';

const RESOLVE = {
  name: 'resolve-key',
  text: `
SELECT users.id, users.name, suspended FROM keys JOIN users ON users.id = keys.user_id WHERE key_hash = decode($1, 'hex')`,
};

@Controller()
export class ResolveKeyHandler {
  constructor(private readonly pool: Pool) {}

  @MessagePattern(ResolveKey.pattern)
  async handle({ keyHash }: { keyHash: string }): Promise<Answer<User>> {
    const { rows } = await this.pool.query<User & { suspended: boolean }>(RESOLVE, [keyHash]);
    if (!rows[0]) return { ok: false, code: 'KEY_INVALID' };
    const { suspended, ...user } = rows[0];
    return suspended ? { ok: false, code: 'USER_SUSPENDED' } : { ok: true, value: user };
  }
}
