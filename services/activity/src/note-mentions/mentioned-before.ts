import type { Mention, ObjectRef, UserId } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';

export interface MentionsOfObject {
  object: ObjectRef;
  mentions?: readonly Mention[];
}

/** Relies on the primary key of mentioned_users. */
const MENTIONED_BEFORE = {
  name: 'find-mentioned-before',
  text: `
SELECT place, user_id AS "userId"
FROM unnest($1::int[], $2::text[], $3::bigint[], $4::int[]) AS wanted(place, object_type, object_id, user_id)
JOIN mentioned_users USING (object_type, object_id, user_id)`,
};

/**
 * For each of `edits`, the users among its mentions whom an earlier version of its object mentioned. Under the lock of
 * the owner's stream they stay the same.
 */
export async function findMentionedBefore(
  tx: ClientBase,
  edits: readonly MentionsOfObject[],
): Promise<ReadonlySet<UserId>[]> {
  const before = edits.map(() => new Set<UserId>());
  const wanted = edits.flatMap(({ object, mentions = [] }, place) =>
    mentions.map(({ user }) => ({ place, ...object, userId: user.id })),
  );
  if (wanted.length === 0) return before;
  const { rows } = await tx.query<{ place: number; userId: UserId }>(MENTIONED_BEFORE, [
    wanted.map(({ place }) => place),
    wanted.map(({ type }) => type),
    wanted.map(({ id }) => id),
    wanted.map(({ userId }) => userId),
  ]);
  for (const { place, userId } of rows) before[place]?.add(userId);
  return before;
}
