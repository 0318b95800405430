import type { UserId } from '@activity-feed/contracts';

/** Users that one user can block and mute together. */
export const MAX_BLOCKS_AND_MUTES = 10_000;

/**
 * Whether `user`, an expression, blocks and mutes the maximum number of users. Relies on the primary keys of blocks and
 * mutes.
 */
export const sqlIsFull = (user: string): string => `(
  SELECT count(*) >= ${MAX_BLOCKS_AND_MUTES} FROM (
    SELECT FROM blocks WHERE blocker_id = ${user} UNION ALL SELECT FROM mutes WHERE muter_id = ${user} AND until > now()
    LIMIT ${MAX_BLOCKS_AND_MUTES}
  ) AS hidden)`;

/** Whether `user` blocks `other`; both are expressions. Relies on the primary key of blocks. */
export const sqlBlocks = (user: string, other: string): string =>
  `EXISTS (SELECT FROM blocks WHERE blocker_id = ${user} AND blocked_id = ${other})`;

/** Whether one of two users blocks the other. */
export const sqlIsBetween = (user: string, other: string): string =>
  `(${sqlBlocks(user, other)} OR ${sqlBlocks(other, user)})`;

/** A command about a user whose id is known. */
export interface OnTarget {
  actor: { id: UserId };
  target: { id: UserId };
}

/** The ids of actors and targets, as values of two parameters. */
export const pairsOf = (commands: readonly OnTarget[]): [UserId[], UserId[]] => [
  commands.map(({ actor }) => actor.id),
  commands.map(({ target }) => target.id),
];
