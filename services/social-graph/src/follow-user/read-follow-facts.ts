import type { FollowCommand, UserId } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import { sqlBlocks } from '../blocks/blocks-and-mutes';
import { sqlIsPublished, sqlIsRequested } from '../follow-requests/follow-requests';
import type { FollowFacts } from './follow-user.decide';

/**
 * Relies on the unique name, on the primary keys of follows, blocks and follow_requests and on the unique index
 * (stream, version) of events. Followees are counted only if the stream is long enough to contain, after the registration
 * and with the open requests, `maxFollowees` follows.
 */
const FACTS = {
  name: 'follow-facts',
  text: `
SELECT users.id, users.name, users.private AS "isPrivate", users.suspended AS "isSuspended",
       EXISTS (SELECT FROM follows WHERE follower_id = wanted.follower AND followee_id = users.id) AS follows,
       ${sqlBlocks('wanted.follower', 'users.id')} AS blocks, ${sqlBlocks('users.id', 'wanted.follower')} AS "isBlocked",
       ${sqlIsRequested('wanted.follower', 'users.id')} AS "isRequested",
       ${sqlIsPublished('wanted.follower', 'users.id')} AS "isPublished",
       CASE WHEN $3::int IS NULL
              OR (SELECT max(version) FROM events WHERE events.stream = wanted.follower)
                 + (SELECT count(*) FROM follow_requests WHERE requester_id = wanted.follower) <= $3 THEN false
            ELSE EXISTS (
              SELECT FROM (
                SELECT FROM follows WHERE follower_id = wanted.follower
                UNION ALL SELECT FROM follow_requests WHERE requester_id = wanted.follower
              ) AS counted OFFSET $3 - 1) END AS "isFull"
FROM unnest($1::int[], $2::text[]) WITH ORDINALITY AS wanted(follower, name, place)
LEFT JOIN users ON users.name = wanted.name ORDER BY place`,
};

type Row = Omit<FollowFacts, 'target'> & { id: UserId | null; name: string };

/** For each command: the user with its name, and how the actor stands to that user. */
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
  return rows.map(({ id, name, ...facts }) => ({ target: id === null ? undefined : { id, name }, ...facts }));
}
