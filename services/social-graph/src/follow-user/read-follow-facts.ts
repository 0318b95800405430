import type { FollowCommand, UserId } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import { sqlBlocks } from '../blocks/blocks-and-mutes';
import type { FollowFacts } from './follow-user.decide';

/**
 * Relies on the unique name, on the primary keys of follows and blocks and on the unique index (stream, version) of events.
 * Followees are counted only if the stream is long enough to contain `maxFollowees` follows after the registration.
 */
const FACTS = {
  name: 'follow-facts',
  text: `
SELECT users.id, users.name,
       EXISTS (SELECT FROM follows WHERE follower_id = wanted.follower AND followee_id = users.id) AS follows,
       ${sqlBlocks('wanted.follower', 'users.id')} AS blocks, ${sqlBlocks('users.id', 'wanted.follower')} AS "isBlocked",
       CASE WHEN $3::int IS NULL
              OR (SELECT max(version) FROM events WHERE events.stream = wanted.follower) <= $3 THEN false
            ELSE EXISTS (SELECT FROM follows WHERE follower_id = wanted.follower OFFSET $3 - 1) END AS is_full
FROM unnest($1::int[], $2::text[]) WITH ORDINALITY AS wanted(follower, name, place)
LEFT JOIN users ON users.name = wanted.name ORDER BY place`,
};

interface Row {
  id: UserId | null;
  name: string;
  follows: boolean;
  blocks: boolean;
  isBlocked: boolean;
  is_full: boolean;
}

/**
 * For each command: the user with its name, whether the actor follows that user, and whether the actor follows at least
 * `maxFollowees` users.
 */
export async function readFollowFacts(
  tx: ClientBase,
  commands: readonly FollowCommand[],
  maxFollowees?: number,
): Promise<FollowFacts[]> {
  const { rows } = await tx.query<Row>(FACTS, [
    commands.map(({ actor }) => actor.id),
    commands.map(({ name }) => name),
    maxFollowees ?? null,
  ]);
  return rows.map(({ id, name, is_full: isFull, ...facts }) => {
    return { target: id === null ? undefined : { id, name }, isFull, ...facts };
  });
}
