import { createHash } from 'node:crypto';
import type { Bucket } from './aggregate-time';
import { IS_ENGAGEMENT } from './engagement-sql';
import { ENTRIES } from './owner-entries';

/** A summary of the hypertable by time buckets: a continuous aggregate, or a view with the same definition. */
export interface Aggregate {
  readonly name: string;
  /** The time range of one row, in UTC. */
  readonly bucket: Bucket;
  /** The defining query. Its first column is the bucket's start. */
  readonly select: string;
  readonly indexes: readonly string[];
}

/**
 * Activities of each actor by day, verb and object type.
 * The first index finds the groups of few actors and sums them by an index-only scan; the second finds the groups of
 * many actors, newest first.
 */
const ACTOR_ACTIVITY_DAILY: Aggregate = {
  name: 'actor_activity_daily',
  bucket: 'day',
  select: `
SELECT time_bucket('1 day', time) AS day, actor_id, verb, object_type,
       count(*) AS activities, min(time) AS first_time,
       (array_agg(object_id ORDER BY time DESC, event_id DESC))[1:3] AS object_ids
FROM activities GROUP BY 1, 2, 3, 4`,
  indexes: ['(actor_id, day DESC) INCLUDE (verb, activities)', '(day DESC, first_time DESC)'],
};

/** Likes, shares and comments of each object by hour, with the object's owner, who never changes. */
const OBJECT_ENGAGEMENT_HOURLY: Aggregate = {
  name: 'object_engagement_hourly',
  bucket: 'hour',
  select: `
SELECT time_bucket('1 hour', time) AS hour, object_type, object_id, verb,
       count(*) AS activities, min(target_id) AS owner_id
FROM activities WHERE ${IS_ENGAGEMENT} GROUP BY 1, 2, 3, 4`,
  indexes: ['(object_type, object_id, hour DESC) INCLUDE (verb, activities)', '(hour DESC)'],
};

/** Activities and distinct actors by hour and verb, for operators' dashboards. */
const VERB_ACTIVITY_HOURLY: Aggregate = {
  name: 'verb_activity_hourly',
  bucket: 'hour',
  select: `
SELECT time_bucket('1 hour', time) AS hour, verb, count(*) AS activities, count(DISTINCT actor_id) AS actors
FROM activities GROUP BY 1, 2`,
  indexes: [],
};

/**
 * For each day and owner: who did what with the owner's objects, and with comments below them. A summary subtracts what
 * is about hidden owners: reading bytes takes a fraction of the time of reading as many rows.
 */
const OWNER_ACTIVITY_DAILY: Aggregate = {
  name: 'owner_activity_daily',
  bucket: 'day',
  select: `
SELECT time_bucket('1 day', time) AS day, target_id AS owner_id, root_owner_id, ${ENTRIES} AS entries
FROM activities WHERE target_id <> actor_id OR root_owner_id <> actor_id GROUP BY 1, 2, 3`,
  indexes: ['(owner_id, day DESC)', '(root_owner_id, day DESC) WHERE root_owner_id IS NOT NULL'],
};

/**
 * In refresh order: an hour is cheaper than a day. The owners' entries are refreshed before the sums from which they are
 * subtracted: otherwise a sum would show hidden activities of a bulk load in between.
 */
export const AGGREGATES: readonly Aggregate[] = [
  OBJECT_ENGAGEMENT_HOURLY,
  VERB_ACTIVITY_HOURLY,
  OWNER_ACTIVITY_DAILY,
  ACTOR_ACTIVITY_DAILY,
];

/** Identifies a definition. Stored as the relation's comment. */
export function definitionOf({ bucket, select, indexes }: Aggregate): string {
  return createHash('sha256')
    .update(JSON.stringify([bucket, select, indexes]))
    .digest('hex')
    .slice(0, 16);
}
