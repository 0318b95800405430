import { randomBytes } from 'node:crypto';
import {
  type Answer,
  encodeToken,
  hashKey,
  type RegisteredUser,
  type RegisterUserCommand,
  type UserId,
} from '@activity-feed/contracts';
import { EventStore, type Outcome } from '@activity-feed/eventing';
import { Injectable } from '@nestjs/common';
import { DatabaseError, Pool, type PoolClient } from 'pg';
import { KnownNames } from '../find-user/known-names';
import { decideRegistration } from './register-user.decide';

const KEY_BYTES = 32;
const NAME_IS_UNIQUE = 'users_name_key';

const PROJECTION = `
WITH registered AS (INSERT INTO users (id, name, created_at, updated_at) VALUES ($1, $2, $3, $3) RETURNING id)
INSERT INTO keys (key_hash, user_id, created_at) SELECT $4, id, $3 FROM registered`;

@Injectable()
export class UserRegistration {
  constructor(
    private readonly events: EventStore,
    private readonly pool: Pool,
    private readonly knownNames: KnownNames,
  ) {}

  /** Registers `name` with `key`, a fresh random one unless given; only the key's SHA-256 is kept. */
  async execute(
    { name, traceparent }: RegisterUserCommand,
    key: string = randomBytes(KEY_BYTES).toString('base64url'),
  ): Promise<Answer<RegisteredUser>> {
    // Asked before an id is taken, so that refused names leave no gaps in the ids.
    if (await isTaken(this.pool, name)) return { ok: false, code: 'NAME_TAKEN' };
    const id = await this.nextId();
    const keyHash = hashKey(key);
    const outcome = await this.record({ id, name }, keyHash, traceparent);
    if (outcome.kind !== 'recorded') return { ok: false, code: 'NAME_TAKEN' };
    await this.knownNames.add(name);
    const token = encodeToken({ source: 'social-graph', stream: id, version: outcome.version });
    return { ok: true, value: { id, name, authToken: key, createdAt: outcome.event.time, token } };
  }

  private async record(actor: { id: UserId; name: string }, keyHash: Buffer, traceparent: string | undefined) {
    try {
      return await this.events.execute({
        stream: actor.id,
        traceparent,
        facts: (tx) => isTaken(tx, actor.name),
        decide: (taken) => decideRegistration(taken, actor),
        project: async (tx, { time }) => {
          await tx.query(PROJECTION, [actor.id, actor.name, time, keyHash]);
        },
      });
    } catch (error) {
      // Two registrations of one name are in two streams: the unique index decides between them.
      if (!(error instanceof DatabaseError) || error.constraint !== NAME_IS_UNIQUE) throw error;
      return { kind: 'rejected', code: 'NAME_TAKEN' } satisfies Outcome<never>;
    }
  }

  private async nextId(): Promise<UserId> {
    const { rows } = await this.pool.query<{ id: UserId }>("SELECT nextval('user_ids')::integer AS id");
    return (rows[0] as { id: UserId }).id;
  }
}

async function isTaken(client: Pool | PoolClient, name: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM users WHERE name = $1', [name]);
  return rowCount !== 0;
}
