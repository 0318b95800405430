import { createHash } from 'node:crypto';
import type { Bucket } from './aggregate-time';
import { IS_ENGAGEMENT } from './engagement-sql';

/** A summary of the hypertable by stretches of time: a continuous aggregate, or a view that gives the same. */
export interface Aggregate {
  readonly name: string;
  /** The stretch of time that a row stands for, in UTC. */
  readonly bucket: Bucket;
  /** Its rows. The first column is the bucket's start. */
  readonly select: string;
  /** Columns of each index of the continuous aggregate, as CREATE INDEX takes them. */
  readonly indexes: readonly string[];
}

/**
 * What each actor did on each day, by verb and object type.
 * The first index finds the groups of few actors, and sums them without looking at rows; the second one those of many,
 * newest first.
 */
const ACTOR_ACTIVITY_DAILY: Aggregate = {
  name: 'actor_activity_daily',
  bucket: 'day',
  select: `
SELECT time_bucket('1 day', time) AS day, actor_id, verb, object_type,
       count(*) AS activities, min(time) AS first_time, max(time) AS last_time,
       (array_agg(object_id ORDER BY time DESC, event_id DESC))[1:3] AS object_ids
FROM activities GROUP BY 1, 2, 3, 4`,
  indexes: ['(actor_id, day DESC) INCLUDE (verb, activities)', '(day DESC, first_time DESC)'],
};

/** How often each object was liked and shared in each hour. Its owner comes with it, who is always the same. */
const OBJECT_ENGAGEMENT_HOURLY: Aggregate = {
  name: 'object_engagement_hourly',
  bucket: 'hour',
  select: `
SELECT time_bucket('1 hour', time) AS hour, object_type, object_id, verb,
       count(*) AS activities, min(target_id) AS owner_id
FROM activities WHERE ${IS_ENGAGEMENT} GROUP BY 1, 2, 3, 4`,
  indexes: ['(object_type, object_id, hour DESC) INCLUDE (verb, activities)', '(hour DESC)'],
};

/** What all users together did in each hour, and how many they were: for the operators' dashboards. */
const VERB_ACTIVITY_HOURLY: Aggregate = {
  name: 'verb_activity_hourly',
  bucket: 'hour',
  select: `
SELECT time_bucket('1 hour', time) AS hour, verb, count(*) AS activities, count(DISTINCT actor_id) AS actors
FROM activities GROUP BY 1, 2`,
  indexes: [],
};

/** In the order in which they are refreshed: an hour costs less than a day. */
export const AGGREGATES: readonly Aggregate[] = [OBJECT_ENGAGEMENT_HOURLY, VERB_ACTIVITY_HOURLY, ACTOR_ACTIVITY_DAILY];

/** Says which definition a relation was made of; it stands in the relation's comment. */
export function definitionOf({ bucket, select, indexes }: Aggregate): string {
  return createHash('sha256')
    .update(JSON.stringify([bucket, select, indexes]))
    .digest('hex')
    .slice(0, 16);
}
