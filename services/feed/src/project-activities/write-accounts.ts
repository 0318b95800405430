import type { ClientBase } from 'pg';
import type { AccountChange, Effects } from '../activity/effects';

/** $2 and $3 are null where nothing changes. */
const CHANGE = {
  name: 'upsert-closed-accounts',
  text: `
WITH new AS (SELECT * FROM unnest($1::int[], $2::boolean[], $3::boolean[]) AS n(user_id, private, suspended)),
     opened AS (
       DELETE FROM closed_accounts AS account USING new
       WHERE account.user_id = new.user_id
         AND NOT coalesce(new.private, account.private) AND NOT coalesce(new.suspended, account.suspended))
INSERT INTO closed_accounts AS account (user_id, private, suspended)
SELECT new.user_id, coalesce(new.private, old.private, false), coalesce(new.suspended, old.suspended, false)
FROM new LEFT JOIN closed_accounts AS old USING (user_id)
WHERE coalesce(new.private, old.private, false) OR coalesce(new.suspended, old.suspended, false)
ON CONFLICT (user_id) DO UPDATE SET private = excluded.private, suspended = excluded.suspended`,
};

/** Writes to whom accounts are open after a batch of events in the order of their versions, repeats left out. */
export async function writeAccounts(tx: ClientBase, effects: readonly Effects[]): Promise<void> {
  const changes = new Map<number, AccountChange>();
  for (const { account } of effects) {
    if (account) changes.set(account.userId, { ...changes.get(account.userId), ...account });
  }
  if (changes.size === 0) return;
  const all = [...changes.values()];
  await tx.query(CHANGE, [
    all.map(({ userId }) => userId),
    all.map((change) => change.private ?? null),
    all.map((change) => change.suspended ?? null),
  ]);
}
