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
import { EventStore } from '@activity-feed/eventing';
import { Logger } from '@activity-feed/hosting';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';
import { Announcements } from '../announce-writes/announcements';
import { changeKeys } from '../lock-keys/lock-keys';
import { refusalOf } from './revoke-key.decide';

/** Both rely on the index keys_of_user. */
const DELETE = { name: 'delete-key', text: 'DELETE FROM keys WHERE user_id = $1 AND id = $2' };
const DELETE_ALL = { name: 'delete-keys', text: 'DELETE FROM keys WHERE user_id = $1' };

interface Revoked {
  user: User;
  ids: number[];
}

@Controller()
export class RevokeKeysHandler {
  constructor(
    private readonly pool: Pool,
    private readonly events: EventStore,
    private readonly announcements: Announcements,
    private readonly log: Logger,
  ) {}

  @MessagePattern(RevokeKey.pattern)
  async revoke({ id, ...command }: RevokeKeyCommand): Promise<Answer<RevokedKeys>> {
    const revoked = await changeKeys<Revoked>(this.pool, command, async (tx, user, keys) => {
      const code = refusalOf(keys, id);
      if (code) return { ok: false, code };
      await tx.query(DELETE, [user.id, id]);
      return { ok: true, value: { user, ids: [id] } };
    });
    return revoked.ok ? this.announce(revoked.value) : revoked;
  }

  @MessagePattern(RevokeAllKeys.pattern)
  async revokeAll(command: Omit<RevokeKeyCommand, 'id'>): Promise<Answer<RevokedKeys>> {
    const revoked = await changeKeys<Revoked>(this.pool, command, async (tx, user, keys) => {
      await tx.query(DELETE_ALL, [user.id]);
      return { ok: true, value: { user, ids: keys.map((key) => key.id) } };
    });
    return revoked.ok ? this.announce(revoked.value) : revoked;
  }

  /** The gateway announces it too, and waits for all others. It may be the only one that has lost Redis. */
  private async announce({ user, ids }: Revoked): Promise<Answer<RevokedKeys>> {
    // For operators: a restored backup has the keys again.
    if (ids.length > 0) this.log.info({ user: user.id, keys: ids }, 'keys revoked');
    const version = await this.events.version(user.id);
    const token = encodeToken({ source: 'social-graph', stream: user.id, version });
    await this.announcements.announce(token, [KEYS_CHANGED]);
    return { ok: true, value: { count: ids.length, token } };
  }
}
