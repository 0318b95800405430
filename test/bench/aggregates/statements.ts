import { sqlEventTime } from '@activity-feed/contracts';

/** An aggregate read as one statement on `activities`, without aggregates or memory. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

export type Whose = 'my' | 'friends';

const ACTORS: Record<Whose, string> = {
  my: 'actor_id = $1',
  friends: 'actor_id IN (SELECT followee_id FROM follows WHERE follower_id = $1 AND following)',
};

export interface GroupsOf {
  readonly whose: Whose;
  readonly reader: number;
  /** The oldest day on the page, e.g. `2019-02-10`. Older days need not be read. */
  readonly from: string;
  /** The start of a day. Only groups of earlier days are returned. */
  readonly until: Date | 'infinity';
  readonly limit: number;
}

/** A page of groups, in the feed's order. */
export function groupsStatement({ whose, reader, from, until, limit }: GroupsOf): Statement {
  const order = `first_time DESC, actor_id DESC, verb COLLATE "C" DESC, coalesce(object_type, '') COLLATE "C" DESC`;
  const text = `
SELECT users.name AS actor_name, verb, object_type, count, CASE WHEN object_type IS NULL THEN '{}' ELSE ids END AS object_ids,
       to_char(day AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, ${sqlEventTime('first_time')} AS time
FROM (
  SELECT date_trunc('day', time, 'UTC') AS day, actor_id, verb, object_type, count(*)::int AS count,
         min(time) AS first_time, ((array_agg(object_id ORDER BY time DESC, event_id DESC))[1:3])::float8[] AS ids
  FROM activities WHERE ${ACTORS[whose]} AND time >= $2::timestamptz AND time < $3::timestamptz
  GROUP BY 1, 2, 3, 4 ORDER BY ${order} LIMIT $4
) AS page JOIN users ON users.id = actor_id ORDER BY ${order}`;
  return { text, values: [reader, `${from}T00:00:00Z`, until, limit] };
}

/** Counts by verb for each day with activities, newest first. `from` is the start of a day. */
export function summaryStatement(whose: Whose, reader: number, from: Date): Statement {
  const text = `
SELECT to_char(date_trunc('day', time, 'UTC') AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day,
       count(*) FILTER (WHERE verb = 'post')::int AS post, count(*) FILTER (WHERE verb = 'like')::int AS "like",
       count(*) FILTER (WHERE verb = 'share')::int AS share, count(*) FILTER (WHERE verb = 'follow')::int AS follow,
       count(*) FILTER (WHERE verb = 'unfollow')::int AS unfollow, count(*) FILTER (WHERE verb = 'comment')::int AS comment
FROM activities WHERE ${ACTORS[whose]} AND time >= $2 GROUP BY 1 ORDER BY 1 DESC`;
  return { text, values: [reader, from] };
}

export interface TrendingOf {
  /** Restricts the activities to this reader's followees. Undefined for all users. */
  readonly reader: number | undefined;
  /** The start of the open hour. */
  readonly hour: Date;
  /** Length and half-life of the window in hours. */
  readonly window: number;
  readonly halfLife: number;
  readonly limit: number;
}

/** The posts and photos with the highest scores. */
export function trendingStatement({ reader, hour, window, halfLife, limit }: TrendingOf): Statement {
  const text = `
SELECT object_type, object_id::float8, users.name AS owner_name, likes, shares, comments, score / 1000000 AS score
FROM (
  SELECT object_type, object_id, min(target_id) AS owner_id, count(*) FILTER (WHERE verb = 'like')::int AS likes,
         count(*) FILTER (WHERE verb = 'share')::int AS shares,
         count(*) FILTER (WHERE verb = 'comment')::int AS comments,
         sum(CASE verb WHEN 'like' THEN 1 ELSE 2 END
             * round(1000000 * 2 ^ (-greatest(0, ceil(extract(epoch FROM $2::timestamptz - time)::float8 / 3600)) / $4))) AS score
  FROM activities
  WHERE verb IN ('like', 'share', 'comment') AND object_type <> 'comment'
        AND time >= $2::timestamptz - $3 * interval '1 hour'
        ${reader === undefined ? 'AND $1::int IS NULL' : `AND ${ACTORS.friends}`}
  GROUP BY object_type, object_id ORDER BY score DESC, object_type, object_id DESC LIMIT $5
) AS best JOIN users ON users.id = owner_id ORDER BY score DESC, object_type, object_id DESC`;
  return { text, values: [reader, hour, window, halfLife, limit] };
}

/** The numbers of likes, shares and comments of an object, as one row. */
export function engagementStatement({ type, id }: { type: string; id: number }): Statement {
  const text = `
SELECT count(*) FILTER (WHERE verb = 'like')::int AS likes, count(*) FILTER (WHERE verb = 'share')::int AS shares,
       count(*) FILTER (WHERE verb = 'comment')::int AS comments
FROM activities WHERE object_type = $1 AND object_id = $2`;
  return { text, values: [type, id] };
}
