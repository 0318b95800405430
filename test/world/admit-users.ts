import { inTransactionOf } from '@activity-feed/eventing';
import type { Client } from 'pg';
import { keyHashOf } from './event-rows.ts';
import type { WorldPlan } from './plan.ts';

/** Users per transaction. */
const CHUNK = 20_000;

const WITHOUT_KEY = `
SELECT user_id, key_hash FROM unnest($1::int[], $2::bytea[]) AS wanted(user_id, key_hash)
WHERE NOT EXISTS (SELECT FROM keys WHERE keys.key_hash = wanted.key_hash)`;

/** Sets updated_at to the time of each user's last event. Relies on the unique index (stream, version) of events. */
const UPDATE_TIMES = `
UPDATE users SET updated_at = newest.time FROM unnest($1::int[]) AS admitted(id) CROSS JOIN LATERAL (
  SELECT time FROM events WHERE stream = admitted.id ORDER BY version DESC LIMIT 1
) AS newest WHERE users.id = admitted.id`;

const INSERT_KEYS = `
INSERT INTO keys (key_hash, user_id, created_at)
SELECT key_hash, id, created_at FROM unnest($1::int[], $2::bytea[]) AS admitted(id, key_hash) JOIN users USING (id)`;

/**
 * Gives the users of a world their keys after all events are written. Without keys nobody else can write to their
 * streams, so the versions stay consecutive. Skips users who already have a key.
 */
export async function admitUsers(client: Client, plan: WorldPlan, signal: AbortSignal): Promise<void> {
  for (let first = 0; first < plan.users && !signal.aborted; first += CHUNK) {
    const users = Array.from({ length: Math.min(CHUNK, plan.users - first) }, (_, index) => first + index);
    const { rows } = await client.query<{ user_id: number; key_hash: Buffer }>(WITHOUT_KEY, [
      users.map((user) => plan.firstIds.user + user),
      users.map((user) => keyHashOf(plan, user)),
    ]);
    if (rows.length === 0) continue;
    const ids = rows.map(({ user_id }) => user_id);
    await inTransactionOf(client, async () => {
      await client.query(UPDATE_TIMES, [ids]);
      await client.query(INSERT_KEYS, [ids, rows.map(({ key_hash }) => key_hash)]);
    });
  }
}
