/**
 * Whether the actor of `found`, a follow, still follows its target by that activity. For follows of earlier versions, whether
 * there is no later one. Relies on the primary key of follows and the index activities_of_actor.
 */
export const HOLDS = `(EXISTS (
  SELECT FROM follows AS edge
  WHERE edge.follower_id = found.actor_id AND edge.followee_id = found.target_id AND edge.following
    AND CASE WHEN edge.since IS NOT NULL THEN edge.since = found.time ELSE NOT EXISTS (
      SELECT FROM activities AS later
      WHERE later.actor_id = found.actor_id AND later.verb = 'follow' AND later.target_id = found.target_id
        AND later.time > found.time) END)) IS TRUE`;
