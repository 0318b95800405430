/**
 * The open requests of `requester` to follow `target`, both expressions. Relies on the primary key of follow_requests.
 */
const requestsOf = (requester: string, target: string): string =>
  `FROM follow_requests WHERE requester_id = ${requester} AND target_id = ${target}`;

/**
 * Whether the target has been public since the request, a row of follow_requests. The request then counts as accepted;
 * PublishAccounts records the follow.
 */
export const IS_PUBLISHED = `(
  EXISTS (SELECT FROM users WHERE id = target_id AND NOT private)
  OR EXISTS (SELECT FROM publications WHERE user_id = target_id AND time >= since))`;

/** Whether `requester` waits for an answer of `target`. */
export const sqlIsRequested = (requester: string, target: string): string =>
  `EXISTS (SELECT ${requestsOf(requester, target)} AND NOT ${IS_PUBLISHED})`;

/** Whether the request of `requester` to follow `target` is accepted, but the follow is still to be written. */
export const sqlIsPublished = (requester: string, target: string): string =>
  `EXISTS (SELECT ${requestsOf(requester, target)} AND ${IS_PUBLISHED})`;

/**
 * Whether the account `user`, the name of a row of users, is hidden from the user `viewer`: suspended, or private and not
 * followed. Relies on the primary key of follows.
 */
export const sqlIsClosed = (user: string, viewer: string): string => `(
  ${user}.suspended OR ${user}.private AND ${user}.id <> ${viewer}
  AND NOT EXISTS (SELECT FROM follows WHERE follower_id = ${viewer} AND followee_id = ${user}.id))`;

/** Deletes the requests of the first of two array parameters to follow the users in the second. */
export const deleteRequests = (arrays: string): string => `
  DELETE FROM follow_requests USING unnest(${arrays}) AS ended(requester_id, target_id)
  WHERE (follow_requests.requester_id, follow_requests.target_id) = (ended.requester_id, ended.target_id)`;
