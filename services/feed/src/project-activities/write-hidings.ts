import type { ClientBase } from 'pg';
import type { Effects, Hiding } from '../activity/effects';

const HIDE = {
  name: 'upsert-hidden-users',
  text: `
INSERT INTO hidden_users (user_id, other_id, kind, until)
SELECT user_id, other_id, kind, coalesce(until, 'infinity')
FROM unnest($1::int[], $2::int[], $3::text[], $4::timestamptz[]) AS new(user_id, other_id, kind, until)
ON CONFLICT (user_id, other_id, kind) DO UPDATE SET until = excluded.until`,
};

const SHOW = {
  name: 'delete-hidden-users',
  text: `
DELETE FROM hidden_users USING unnest($1::int[], $2::int[], $3::text[]) AS gone(user_id, other_id, kind)
WHERE (hidden_users.user_id, hidden_users.other_id, hidden_users.kind) = (gone.user_id, gone.other_id, gone.kind)`,
};

/** Writes who hides whom after a batch of events in the order of their versions, repeats left out. */
export async function writeHidings(tx: ClientBase, effects: readonly Effects[]): Promise<void> {
  const last = new Map<string, Hiding>();
  for (const { hiding } of effects) {
    if (hiding) last.set(`${hiding.userId} ${hiding.otherId} ${hiding.kind}`, hiding);
  }
  const { hidden = [], shown = [] } = Object.groupBy(last.values(), ({ holds }) => (holds ? 'hidden' : 'shown'));
  if (hidden.length > 0) await tx.query(HIDE, [...keysOf(hidden), hidden.map(({ until }) => until)]);
  if (shown.length > 0) await tx.query(SHOW, keysOf(shown));
}

const keysOf = (hidings: readonly Hiding[]) => [
  hidings.map(({ userId }) => userId),
  hidings.map(({ otherId }) => otherId),
  hidings.map(({ kind }) => kind),
];
