import {
  type Answer,
  COMMIT_GRACE,
  type Deadline,
  type Idempotency,
  type KeyHolder,
  type Refusal,
  type User,
} from '@activity-feed/contracts';
import {
  type BeforeCommit,
  decideRepeat,
  findKeptOutcomes,
  inTransaction,
  keepOutcomes,
} from '@activity-feed/eventing';
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
  idempotency?: Idempotency;
}

/** The answer to a repeated command. */
type Repeated<Kept> = { ok: true; value: Kept; replayed: true } | Refusal;

/**
 * Changes the keys of a user in a transaction, while nobody else does. Fails with USER_NOT_FOUND, or with KEY_INVALID if the key
 * of the request was revoked meanwhile. With an idempotency key, what `toKept` leaves of the value is the value for repeats.
 */
export async function changeKeys<Value, Kept>(
  pool: Pool,
  { holder, deadline, idempotency }: KeyCommand,
  change: (tx: PoolClient, user: User, keys: HeldKey[]) => Promise<Answer<Value>>,
  toKept: (value: Value) => Kept,
): Promise<Answer<Value> | Repeated<Kept>> {
  const user = 'actor' in holder ? holder.actor : (await findAnyByName(pool, holder.name))?.user;
  if (!user) return { ok: false, code: 'USER_NOT_FOUND' };
  const presented = 'actor' in holder ? holder.keyHash : undefined;
  const work = async (tx: PoolClient, beforeCommit: BeforeCommit): Promise<Answer<Value> | Repeated<Kept>> => {
    await tx.query(LOCK, [user.id]);
    const { rows } = await tx.query<HeldKey>(KEYS, [user.id, presented]);
    const mayChange = presented === undefined || rows.some(({ isPresented, isValid }) => isPresented && isValid);
    if (!mayChange) return { ok: false, code: 'KEY_INVALID' };
    const repeated = idempotency && (await findRepeated<Kept>(tx, idempotency));
    if (repeated) return repeated;
    const answer = await change(tx, user, rows);
    if (idempotency && answer.ok) beforeCommit(keepOutcomes([{ idempotency, value: toKept(answer.value) }]));
    return answer;
  };
  return inTransaction(pool, work, { until: (deadline?.at ?? Number.POSITIVE_INFINITY) + COMMIT_GRACE });
}

/** The lock orders all commands with the key: it is one of a route that changes keys. */
async function findRepeated<Kept>(tx: PoolClient, idempotency: Idempotency): Promise<Repeated<Kept> | undefined> {
  const [kept] = await findKeptOutcomes(tx, [idempotency]);
  if (!kept) return undefined;
  const repeat = decideRepeat(idempotency, kept);
  if (repeat.kind === 'rejected') return { ok: false, code: repeat.code };
  return { ok: true, value: repeat.value as Kept, replayed: true };
}
