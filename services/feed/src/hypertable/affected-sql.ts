import type { OwnerParameters } from './hidden-sql';

export interface AffectedGroups {
  /** An array: whose groups are read. */
  actors: string;
  /** The time range, from inclusive, to exclusive. */
  from: string;
  to: string;
}

/**
 * Activities whose owners are hidden, by group, each once: what aggregates count, but a viewer does not see. With continuous
 * aggregates only those of days whose activities are all kept: the activities of earlier days cannot be told apart any more.
 * Index-only scans of activities_of_owner and activities_of_owner_of_root find what is about listed users. What is about
 * closed accounts is found among the rows of the actors, by activities_of_actor, if there are closed accounts.
 */
export const affectedBy = ({ users, known }: OwnerParameters, { actors, from, to }: AffectedGroups): string => `
  SELECT * FROM groups_about_users(${from}, ${to}, ${actors}, ${users})
  UNION ALL
  SELECT groups.* FROM (SELECT WHERE EXISTS (SELECT FROM closed_accounts)) AS closed
  CROSS JOIN LATERAL groups_about_closed_accounts(${from}, ${to}, ${actors}, ${users}, ${known}) AS groups`;
