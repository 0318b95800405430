import { APPEARANCE, type UserId } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import type { HidingKind } from '../activity/effects';
import type { Attention, HiddenIds } from '../activity/hiding';

/** Relies on the primary key of hidden_users and on the index hidden_users_blocked. */
const HIDDEN = {
  name: 'read-hidden-users',
  text: `
SELECT other_id AS id, kind FROM hidden_users WHERE user_id = $1 AND until > now()
UNION ALL SELECT user_id, kind FROM hidden_users WHERE other_id = $1 AND kind = 'block'`,
};

/** Whom the viewer $1 follows, and the viewer; nothing if no account is closed. */
const KNOWN = {
  name: 'read-known-users',
  text: `
SELECT id FROM (SELECT $1::int AS id UNION ALL SELECT followee_id FROM follows WHERE follower_id = $1 AND following) AS known
WHERE EXISTS (SELECT FROM closed_accounts)`,
};

/** Which of the accounts $2 are closed to the viewer $1. */
const CLOSED = {
  name: 'read-closed-accounts',
  text: `
SELECT user_id AS id, suspended FROM closed_accounts
WHERE user_id = ANY ($2::int[]) AND (suspended OR user_id <> $1 AND NOT EXISTS (
  SELECT FROM follows WHERE follower_id = $1 AND followee_id = user_id AND following))`,
};

const SUSPENDED = {
  name: 'read-suspended-account',
  text: 'SELECT user_id AS id FROM closed_accounts WHERE user_id = $1 AND suspended',
};

interface HiddenRow {
  id: number;
  kind: HidingKind;
}

const readHidden = async (pool: Pool, viewer: UserId): Promise<HiddenRow[]> =>
  (await pool.query<HiddenRow>(HIDDEN, [viewer])).rows;

async function readIds(pool: Pool, statement: { name: string; text: string }, values: unknown[]): Promise<number[]> {
  return (await pool.query<{ id: number }>(statement, values)).rows.map(({ id }) => id);
}

const APPEARANCES: Record<HidingKind, number> = {
  block: APPEARANCE.hidden,
  mute: APPEARANCE.muted,
  'mute-shares': APPEARANCE.sharesMuted,
};

/** How each of `users` appears to `viewer`: bits of APPEARANCE. */
export async function readAppearances(pool: Pool, viewer: UserId, users: readonly UserId[]): Promise<number[]> {
  const bits = new Map<number, number>();
  const add = (id: number, bit: number) => bits.set(id, (bits.get(id) ?? 0) | bit);
  for (const { id, kind } of await readHidden(pool, viewer)) add(id, APPEARANCES[kind]);
  const { rows: closed } = await pool.query<{ id: number; suspended: boolean }>(CLOSED, [viewer, users]);
  for (const { id, suspended } of closed) {
    const isBlocked = ((bits.get(id) ?? 0) & APPEARANCE.hidden) !== 0;
    add(id, APPEARANCE.hidden | (suspended || isBlocked ? 0 : APPEARANCE.private));
  }
  return users.map((id) => bits.get(id) ?? 0);
}

/** Undefined if nobody is hidden from `viewer`. `user`: whose feed is read, if it is that of one other user. */
export async function readHiddenIds(
  pool: Pool,
  viewer: UserId,
  attention: Attention,
  user?: UserId,
): Promise<HiddenIds | undefined> {
  const rows = await readHidden(pool, viewer);
  const known = await readIds(pool, KNOWN, [viewer]);
  const suspended = user === undefined || known.length === 0 ? [] : await readIds(pool, SUSPENDED, [user]);
  const idsOf = (...kinds: HidingKind[]) => rows.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
  const hidden =
    attention === 'asked'
      ? { users: [...idsOf('block'), ...suspended], sharers: [] }
      : { users: idsOf('block', 'mute'), sharers: idsOf('mute-shares') };
  const isNobody = hidden.users.length + hidden.sharers.length + known.length === 0;
  return isNobody ? undefined : { ...hidden, known: known.length > 0 ? known : null };
}
