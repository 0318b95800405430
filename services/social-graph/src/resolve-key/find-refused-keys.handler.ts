import { type Answer, FindRefusedKeys } from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';

/** Relies on the primary key of keys. */
const REFUSED = {
  name: 'find-refused-keys',
  text: `
SELECT hash FROM unnest($1::text[]) AS wanted(hash)
WHERE NOT EXISTS (SELECT FROM keys JOIN users ON users.id = keys.user_id
  WHERE key_hash = decode(hash, 'hex') AND NOT suspended AND (expires_at IS NULL OR expires_at > clock_timestamp()))`,
};

@Controller()
export class FindRefusedKeysHandler {
  constructor(private readonly pool: Pool) {}

  @MessagePattern(FindRefusedKeys.pattern)
  async handle({ keyHashes }: { keyHashes: string[] }): Promise<Answer<string[]>> {
    const { rows } = await this.pool.query<{ hash: string }>(REFUSED, [keyHashes]);
    return { ok: true, value: rows.map(({ hash }) => hash) };
  }
}
