import { type Answer, COMMIT_GRACE, type Deadline, type KeyHolder, type User } from '@activity-feed/contracts';
import { inTransaction } from '@activity-feed/eventing';
import type { Pool, PoolClient } from 'pg';
import { findAnyByName } from '../find-user/find-by-name';

/** One change of a user's keys at a time. Does not block what refers to the user. */
const LOCK = { name: 'lock-keys', text: 'SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE' };

/** Relies on the index keys_of_user. A statement of its own, so that it sees what others committed before the lock. */
const KEYS = {
  name: 'held-keys',
  text: `
SELECT id, expires_at IS NULL OR expires_at > clock_timestamp() AS "isValid",
       coalesce(key_hash = decode($2, 'hex'), false) AS "isPresented"
FROM keys WHERE user_id = $1`,
};

export interface HeldKey {
  id: number;
  /** Not expired. */
  isValid: boolean;
  /** Whether the request has it. */
  isPresented: boolean;
}

interface KeyCommand {
  holder: KeyHolder;
  deadline?: Deadline;
}

/**
 * Changes the keys of a user in a transaction, while nobody else does. Fails with USER_NOT_FOUND, or with KEY_INVALID if the key
 * of the request was revoked meanwhile.
 */
export async function changeKeys<Value>(
  pool: Pool,
  { holder, deadline }: KeyCommand,
  change: (tx: PoolClient, user: User, keys: HeldKey[]) => Promise<Answer<Value>>,
): Promise<Answer<Value>> {
  const user = 'actor' in holder ? holder.actor : (await findAnyByName(pool, holder.name))?.user;
  if (!user) return { ok: false, code: 'USER_NOT_FOUND' };
  const presented = 'actor' in holder ? holder.keyHash : undefined;
  const work = async (tx: PoolClient): Promise<Answer<Value>> => {
    await tx.query(LOCK, [user.id]);
    const { rows } = await tx.query<HeldKey>(KEYS, [user.id, presented]);
    const mayChange = presented === undefined || rows.some(({ isPresented, isValid }) => isPresented && isValid);
    return mayChange ? change(tx, user, rows) : { ok: false, code: 'KEY_INVALID' };
  };
  return inTransaction(pool, work, { until: (deadline?.at ?? Number.POSITIVE_INFINITY) + COMMIT_GRACE });
}
