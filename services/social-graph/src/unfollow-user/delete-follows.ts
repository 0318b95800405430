/** $1: followers, $2: followees, $3: when; `more` are further parts of the statement. */
export const deleteFollows = (...more: string[]): string => `
WITH gone AS (SELECT * FROM unnest($1::int[], $2::int[], $3::timestamptz[]) AS f(follower_id, followee_id, time)),
     unfollow AS (DELETE FROM follows USING gone
                  WHERE (follows.follower_id, follows.followee_id) = (gone.follower_id, gone.followee_id))${more.map((part) => `,\n     ${part}`).join('')}
UPDATE users SET updated_at = gone.time FROM gone WHERE users.id = gone.follower_id`;
