import type { FollowCommand, UserId } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import type { FollowFacts } from './follow-user.decide';

/** Relies on the unique name and on the primary key of follows. */
const FACTS = {
  name: 'follow-facts',
  text: `
SELECT users.id, users.name,
       EXISTS (SELECT FROM follows WHERE follower_id = wanted.follower AND followee_id = users.id) AS follows
FROM unnest($1::int[], $2::text[]) WITH ORDINALITY AS wanted(follower, name, place)
LEFT JOIN users ON users.name = wanted.name ORDER BY place`,
};

/** For each command whom its name means, and whether its actor follows that user. */
export async function readFollowFacts(tx: ClientBase, commands: readonly FollowCommand[]): Promise<FollowFacts[]> {
  const { rows } = await tx.query<{ id: UserId | null; name: string; follows: boolean }>(FACTS, [
    commands.map(({ actor }) => actor.id),
    commands.map(({ name }) => name),
  ]);
  return rows.map(({ id, name, follows }) => ({ target: id === null ? undefined : { id, name }, follows }));
}
