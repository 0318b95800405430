import {
  type Answer,
  hashKey,
  type IssuedKey,
  IssueKey,
  type IssueKeyCommand,
  newKey,
  sqlEventTime,
  type User,
} from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool, type PoolClient } from 'pg';
import { changeKeys, type HeldKey } from '../lock-keys/lock-keys';

/** Keys of a user, expired ones too. */
const KEYS_MAX = 50;

const INSERT = {
  name: 'insert-key',
  text: `
INSERT INTO keys (key_hash, user_id, created_at, name, expires_at) VALUES ($1, $2, clock_timestamp(), $3, $4)
RETURNING id, ${sqlEventTime('created_at')} AS "createdAt"`,
};

@Controller()
export class IssueKeyHandler {
  constructor(private readonly pool: Pool) {}

  @MessagePattern(IssueKey.pattern)
  handle({ name, expiresAt, ...command }: IssueKeyCommand): Promise<Answer<IssuedKey>> {
    const issue = async (tx: PoolClient, user: User, keys: HeldKey[]): Promise<Answer<IssuedKey>> => {
      if (keys.length >= KEYS_MAX) return { ok: false, code: 'KEYS_TOO_MANY' };
      const authToken = newKey();
      const values = [hashKey(authToken), user.id, name, expiresAt];
      const { rows } = await tx.query<Omit<IssuedKey, 'authToken'>>(INSERT, values);
      return { ok: true, value: { ...(rows[0] as Omit<IssuedKey, 'authToken'>), authToken } };
    };
    return changeKeys(this.pool, command, issue, withoutSecret);
  }
}

/** A repeat gets the same key, but only the first answer shows it. */
const withoutSecret = ({ authToken: _, ...kept }: IssuedKey): IssuedKey => kept;
