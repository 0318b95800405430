import {
  type Answer,
  encodeToken,
  KEYS_CHANGED,
  RevokeAllKeys,
  type RevokedKeys,
  RevokeKey,
  type RevokeKeyCommand,
  type User,
} from '@activity-feed/contracts';
import { readStreamVersions } from '@activity-feed/eventing';
import { Logger } from '@activity-feed/hosting';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool, type PoolClient } from 'pg';
import { Announcements } from '../announce-writes/announcements';
import { changeKeys, type HeldKey } from '../lock-keys/lock-keys';
import { refusalOf } from './revoke-key.decide';

/** Both rely on the index keys_of_user. */
const DELETE = { name: 'delete-key', text: 'DELETE FROM keys WHERE user_id = $1 AND id = $2' };
const DELETE_ALL = { name: 'delete-keys', text: 'DELETE FROM keys WHERE user_id = $1' };

interface Revoked extends RevokedKeys {
  user: User;
  ids: number[];
}

@Controller()
export class RevokeKeysHandler {
  constructor(
    private readonly pool: Pool,
    private readonly announcements: Announcements,
    private readonly log: Logger,
  ) {}

  @MessagePattern(RevokeKey.pattern)
  revoke({ id, ...command }: RevokeKeyCommand): Promise<Answer<RevokedKeys>> {
    return this.change(command, async (tx, user, keys) => {
      const code = refusalOf(keys, id);
      if (code) return { ok: false, code };
      await tx.query(DELETE, [user.id, id]);
      return { ok: true, value: { user, ids: [id], ...(await toRevoked(tx, user, 1)) } };
    });
  }

  @MessagePattern(RevokeAllKeys.pattern)
  revokeAll(command: Omit<RevokeKeyCommand, 'id'>): Promise<Answer<RevokedKeys>> {
    return this.change(command, async (tx, user, keys) => {
      await tx.query(DELETE_ALL, [user.id]);
      return { ok: true, value: { user, ids: keys.map((key) => key.id), ...(await toRevoked(tx, user, keys.length)) } };
    });
  }

  /** The gateway announces it too, and waits for all others. It may be the only one that has lost Redis. */
  private async change(
    command: Omit<RevokeKeyCommand, 'id'>,
    revoke: (tx: PoolClient, user: User, keys: HeldKey[]) => Promise<Answer<Revoked>>,
  ): Promise<Answer<RevokedKeys>> {
    const revoked = await changeKeys(this.pool, command, revoke, toAnswer);
    if (!revoked.ok) return revoked;
    // For operators: a restored backup has the keys again.
    if ('ids' in revoked.value && revoked.value.ids.length > 0) {
      this.log.info({ user: revoked.value.user.id, keys: revoked.value.ids }, 'keys revoked');
    }
    await this.announcements.announce(revoked.value.token, [KEYS_CHANGED]);
    return { ...revoked, value: toAnswer(revoked.value) };
  }
}

const toAnswer = ({ count, token }: RevokedKeys): RevokedKeys => ({ count, token });

async function toRevoked(tx: PoolClient, { id: stream }: User, count: number): Promise<RevokedKeys> {
  const [version = 0] = await readStreamVersions(tx, 'events', [stream]);
  return { count, token: encodeToken({ source: 'social-graph', stream, version }) };
}
