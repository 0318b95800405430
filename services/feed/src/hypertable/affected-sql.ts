import { type OwnerParameters, sqlIsClosed, sqlIsListed } from './hidden-sql';

export interface AffectedRows {
  columns: string;
  /** An array: whose rows are read. */
  actors: string;
  /** The time range, from inclusive, to exclusive: parameters, by which the planner excludes chunks. */
  from: string;
  to: string;
  /** A further condition. */
  where?: string;
}

/**
 * Rows of `activities` whose owners are hidden, each once, and perhaps of other actors: what aggregates count, but a viewer
 * does not see. With continuous aggregates only those of days whose activities are all kept: the activities of earlier days
 * cannot be told apart any more. Index-only scans of activities_of_owner and activities_of_owner_of_root find what is about
 * listed users. What is about closed accounts is found among the rows of the actors, by activities_of_actor, if there are
 * closed accounts.
 */
export function affectedBy(
  hidden: OwnerParameters,
  { columns, actors, from, to, where = 'true' }: AffectedRows,
): string {
  const inRange = `time >= ${from} AND time < ${to} AND ${where}
    AND time >= coalesce((SELECT nullif(notes_apply_from(), 'infinity')), '-infinity')`;
  const isListed = (owner: string) => `(${sqlIsListed(owner, hidden)})`;
  // An array that the planner does not know the elements of: see sqlIsListed.
  const users = `ARRAY(SELECT unnest(${hidden.users}))`;
  return `
  SELECT ${columns} FROM activities WHERE target_id = ANY (${users}) AND ${inRange}
  UNION ALL
  SELECT ${columns} FROM activities
  WHERE root_owner_id = ANY (${users}) AND ${inRange} AND NOT ${isListed('target_id')}
  UNION ALL
  SELECT ${columns} FROM activities
  WHERE actor_id = ANY (${actors}) AND ${inRange} AND (SELECT EXISTS (SELECT FROM closed_accounts))
    AND (${sqlIsClosed('target_id', hidden)} OR ${sqlIsClosed('root_owner_id', hidden)})
    AND NOT ${isListed('target_id')} AND NOT ${isListed('root_owner_id')}`;
}
