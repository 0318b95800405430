import type { HiddenIds } from '../activity/hiding';
import { IdArray } from './id-array';

/** The parameters of a statement for {@link HiddenIds}. */
export interface HiddenParameters extends OwnerParameters {
  sharers: string;
}

export type OwnerParameters = Record<'users' | 'known', string>;

/** Those from the number `first` on. */
export const hiddenParameters = (first: number): HiddenParameters => ({
  ...ownerParameters(first),
  sharers: `$${first + 2}::int[]`,
});

/** The same for a statement about owners alone. */
export const ownerParameters = (first: number): OwnerParameters => ({
  users: `$${first}::int[]`,
  known: `$${first + 1}::int[]`,
});

/** The same as arguments of groups_from_rows and sums_from_rows. */
export const argumentsOf = ({ users, sharers, known }: HiddenParameters): string => `${users}, ${sharers}, ${known}`;

/** Their values. */
export const hiddenValues = (hidden: HiddenIds): unknown[] => [...ownerValues(hidden), hidden.sharers];
export const ownerValues = ({ users, known }: HiddenIds): unknown[] => [users, known && IdArray.from(known).parameter];

/**
 * Whether the account of the user `user`, a column, is closed: it is suspended, or private and not among `known`. Relies on
 * the primary key of closed_accounts. IS TRUE prevents joins. Most often there is no closed account to look for.
 */
export const sqlIsClosed = (user: string, { known }: Pick<OwnerParameters, 'known'>): string => `((
    SELECT EXISTS (SELECT FROM closed_accounts)
  ) AND EXISTS (
    SELECT FROM closed_accounts AS closed WHERE closed.user_id = ${user} AND (closed.suspended OR closed.user_id <> ALL (${known}))
  )) IS TRUE`;

/**
 * Whether the user `user`, a column, is among `users`. Hashed: with the array itself in a condition, the planner spends
 * milliseconds for each chunk on its elements.
 */
export const sqlIsListed = (user: string, { users }: Pick<OwnerParameters, 'users'>): string =>
  `(${user} IN (SELECT unnest(${users}))) IS TRUE`;

/** Whether everything about the user `user`, a column, is hidden. */
export const sqlIsHidden = (user: string, hidden: OwnerParameters): string =>
  `(${sqlIsListed(user, hidden)} OR ${sqlIsClosed(user, hidden)})`;

/** Whether a row is no share by a user whose shares are hidden. Without such users, planning leaves the condition out. */
export const sqlIsNoHiddenShare = ({ sharers }: Pick<HiddenParameters, 'sharers'>): string =>
  `(cardinality(${sharers}) = 0 OR verb <> 'share' OR (actor_id IN (SELECT unnest(${sharers}))) IS NOT TRUE)`;

/**
 * Whether a row is visible: neither its actor nor an owner of what it is about is hidden, and it is no share by somebody
 * whose shares are.
 */
export const sqlIsVisible = (hidden: HiddenParameters): string => `(
  ${['actor_id', 'target_id', 'root_owner_id'].map((user) => `NOT ${sqlIsHidden(user, hidden)}`).join(' AND ')}
  AND ${sqlIsNoHiddenShare(hidden)})`;
