import {
  type Answer,
  encodeToken,
  hashKey,
  type NewEvent,
  newKey,
  type RegisteredUser,
  RegisterUser,
  type RegisterUserCommand,
  type User,
  type UserId,
} from '@activity-feed/contracts';
import { type CommandKind, EventStore, type Outcome, type StreamCommand } from '@activity-feed/eventing';
import { Injectable } from '@nestjs/common';
import { DatabaseError, Pool } from 'pg';
import { KnownNames } from '../find-user/known-names';
import { decideRegistration } from './register-user.decide';

const NAME_IS_UNIQUE = 'users_name_key';

const NAMES = {
  name: 'find-names',
  text: `
SELECT users.id IS NOT NULL AS taken FROM unnest($1::text[]) WITH ORDINALITY AS wanted(name, place)
LEFT JOIN users USING (name) ORDER BY place`,
};

const PROJECTION = {
  name: 'insert-users',
  text: `
WITH new AS (
  -- Sorted, so that two transactions that insert the same unique names do not deadlock.
  SELECT * FROM unnest($1::int[], $2::text[], $3::timestamptz[], $4::bytea[]) AS u(id, name, time, key_hash) ORDER BY name
),
     registered AS (INSERT INTO users (id, name, created_at, updated_at) SELECT id, name, time, time FROM new RETURNING id)
INSERT INTO keys (key_hash, user_id, created_at) SELECT key_hash, id, time FROM registered JOIN new USING (id)`,
};

interface Registration extends StreamCommand {
  actor: User;
  keyHash: Buffer;
}

const registerUser: CommandKind<Registration, boolean, NewEvent<'social-graph.user-registered.v1'>> = {
  name: RegisterUser.pattern,
  facts: async (tx, commands) => {
    const { rows } = await tx.query<{ taken: boolean }>(NAMES, [commands.map(({ actor }) => actor.name)]);
    return rows.map(({ taken }) => taken);
  },
  decide: (taken, { actor }) => decideRegistration(taken, actor),
  project: (recorded) => {
    return {
      ...PROJECTION,
      values: [
        recorded.map(({ command }) => command.actor.id),
        recorded.map(({ command }) => command.actor.name),
        recorded.map(({ event }) => event.time),
        recorded.map(({ command }) => command.keyHash),
      ],
    };
  },
};

@Injectable()
export class UserRegistration {
  constructor(
    private readonly events: EventStore,
    private readonly pool: Pool,
    private readonly knownNames: KnownNames,
  ) {}

  /** Registers `name` with `key`, by default a random one. Only the key's SHA-256 is stored. */
  async execute(
    { name, traceparent, deadline }: RegisterUserCommand,
    key: string = newKey(),
  ): Promise<Answer<RegisteredUser>> {
    // Checked before an id is assigned, so that refused names leave no gaps in the ids.
    if (await isTaken(this.pool, name)) return { ok: false, code: 'NAME_TAKEN' };
    const id = await this.nextId();
    const keyHash = hashKey(key);
    const outcome = await this.record({ stream: id, actor: { id, name }, keyHash, traceparent, deadline });
    if (outcome.kind === 'rejected') return { ok: false, code: outcome.code };
    if (outcome.kind !== 'recorded') throw new Error('a registration is either rejected or recorded, never unchanged');
    this.knownNames.add(name);
    const token = encodeToken({ source: 'social-graph', stream: id, version: outcome.version });
    return { ok: true, value: { id, name, authToken: key, createdAt: outcome.event.time, token } };
  }

  private async record(registration: Registration) {
    try {
      return await this.events.execute(registerUser, registration);
    } catch (error) {
      // Concurrent registrations of a name are on different streams, so the unique index decides.
      if (!(error instanceof DatabaseError) || error.constraint !== NAME_IS_UNIQUE) throw error;
      return { kind: 'rejected', code: 'NAME_TAKEN' } satisfies Outcome<never>;
    }
  }

  private async nextId(): Promise<UserId> {
    const { rows } = await this.pool.query<{ id: UserId }>("SELECT nextval('user_ids')::integer AS id");
    return (rows[0] as { id: UserId }).id;
  }
}

async function isTaken(pool: Pool, name: string): Promise<boolean> {
  const { rowCount } = await pool.query('SELECT FROM users WHERE name = $1', [name]);
  return rowCount !== 0;
}
