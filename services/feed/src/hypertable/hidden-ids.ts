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

interface HiddenRow {
  id: number;
  kind: HidingKind;
}

const readHidden = async (pool: Pool, viewer: UserId): Promise<HiddenRow[]> =>
  (await pool.query<HiddenRow>(HIDDEN, [viewer])).rows;

const APPEARANCES: Record<HidingKind, number> = {
  block: APPEARANCE.hidden,
  mute: APPEARANCE.muted,
  'mute-shares': APPEARANCE.sharesMuted,
};

/** How each of `users` appears to `viewer`: bits of APPEARANCE. */
export async function readAppearances(pool: Pool, viewer: UserId, users: readonly UserId[]): Promise<number[]> {
  const bits = new Map<number, number>();
  for (const { id, kind } of await readHidden(pool, viewer)) bits.set(id, (bits.get(id) ?? 0) | APPEARANCES[kind]);
  return users.map((id) => bits.get(id) ?? 0);
}

/** Undefined if nobody is hidden from `viewer`. */
export async function readHiddenIds(pool: Pool, viewer: UserId, attention: Attention): Promise<HiddenIds | undefined> {
  const rows = await readHidden(pool, viewer);
  const idsOf = (...kinds: HidingKind[]) => rows.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
  const hidden =
    attention === 'asked'
      ? { users: idsOf('block'), sharers: [] }
      : { users: idsOf('block', 'mute'), sharers: idsOf('mute-shares') };
  return hidden.users.length + hidden.sharers.length > 0 ? hidden : undefined;
}

/**
 * Whether a row is visible: neither its actor nor an owner of what it is about is among `users`, a parameter, and it is no
 * share by one of `sharers`. No user has the id 0.
 */
export const sqlIsVisible = (users: string, sharers: string): string => `(
  actor_id <> ALL (${users}::int[]) AND coalesce(target_id, 0) <> ALL (${users}::int[])
  AND coalesce(root_owner_id, 0) <> ALL (${users}::int[])
  AND (verb <> 'share' OR actor_id <> ALL (${sharers}::int[])))`;

/** The values of the two parameters. */
export const hiddenValues = ({ users, sharers }: HiddenIds): [readonly number[], readonly number[]] => [users, sharers];
