import type { UserId } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import type { FollowFacts } from './follow-user.decide';

/** Relies on the unique name and on the primary key of follows. */
const FACTS = `
SELECT id, name, EXISTS (SELECT FROM follows WHERE follower_id = $1 AND followee_id = users.id) AS follows
FROM users WHERE name = $2`;

/** Whom `name` means, and whether `follower` follows that user. */
export async function readFollowFacts(tx: ClientBase, follower: UserId, name: string): Promise<FollowFacts> {
  const { rows } = await tx.query<{ id: UserId; name: string; follows: boolean }>(FACTS, [follower, name]);
  const [row] = rows;
  return { target: row && { id: row.id, name: row.name }, follows: row?.follows ?? false };
}
