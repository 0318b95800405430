import { definitionOfVerb, type Milliseconds } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import type { Activity } from '../activity/activity';
import { bucketStart } from '../aggregates/aggregate-time';

/** More groups and objects than this in one batch are a bulk load: it is noted by its hours only. */
export const BATCH_LIMIT = 2_000;

/** With more notes than this, reads would become slow: further ones are noted by their hours only. */
const LIMIT = 50_000;
const MARGIN = 5 * BATCH_LIMIT;

/** Only inserts rows, so that concurrent projections never wait for each other. */
const NOTE_HOURS = 'INSERT INTO late_activities (hour, noted_at) SELECT unnest($1::timestamptz[]), $2';

const hasRoom = (table: string) => `(SELECT count(*) FROM (SELECT FROM ${table} LIMIT ${LIMIT}) AS present) < ${LIMIT}`;

const HAS_ROOM = `
SELECT NOT EXISTS (SELECT FROM noted_groups OFFSET ${LIMIT - MARGIN}) AND NOT EXISTS (SELECT FROM noted_objects OFFSET ${LIMIT - MARGIN}) AS room`;

/** Whether the buckets of one more batch would be noted, even if the projector notes others meanwhile. */
export async function hasRoomForNotes(client: ClientBase): Promise<boolean> {
  return (await client.query<{ room: boolean }>(HAS_ROOM)).rows[0]?.room ?? false;
}

const NOTE_GROUPS = `
INSERT INTO noted_groups (day, actor_id, verb, object_type)
SELECT * FROM unnest($1::timestamptz[], $2::int[], $3::text[], $4::text[]) WHERE ${hasRoom('noted_groups')}`;

const NOTE_OBJECTS = `
INSERT INTO noted_objects (hour, object_type, object_id)
SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::bigint[]) WHERE ${hasRoom('noted_objects')}`;

/** What decides to which buckets an activity belongs. */
export type BucketedActivity = Pick<Activity, 'time' | 'actorId' | 'verb' | 'objectType' | 'objectId'>;

/**
 * Notes the closed buckets of activities that were added or removed: hours for the refresher, groups and objects for
 * reads. Must run in the transaction that changes the activities, after the change.
 */
export async function noteLateActivities(
  tx: ClientBase,
  activities: readonly BucketedActivity[],
  now: Milliseconds,
): Promise<void> {
  const { hours, groups, objects } = closedBuckets(activities, now);
  if (hours.length === 0) return;
  await tx.query(NOTE_HOURS, [hours, new Date(now)]);
  if (groups.length + objects.length > BATCH_LIMIT) return;
  if (groups.length > 0) {
    const columns = [groups.map(({ actorId }) => actorId), groups.map(({ verb }) => verb)];
    await tx.query(NOTE_GROUPS, [groups.map(dayOf), ...columns, groups.map(({ objectType }) => objectType)]);
  }
  if (objects.length > 0) {
    const columns = [objects.map(({ objectType }) => objectType), objects.map(({ objectId }) => objectId)];
    await tx.query(NOTE_OBJECTS, [objects.map(hourOf), ...columns]);
  }
}

export interface ClosedBuckets {
  /** The starts of the closed hours. */
  hours: string[];
  /** One activity of each group of a closed day. */
  groups: BucketedActivity[];
  /** One like, share or comment of each object in each closed hour. */
  objects: BucketedActivity[];
}

/** The closed buckets of activities. Event times have a fixed format, so their prefixes compare like times. */
export function closedBuckets(activities: readonly BucketedActivity[], now: Milliseconds): ClosedBuckets {
  const hour = new Date(bucketStart('hour', now)).toISOString().slice(0, HOUR_LENGTH);
  const day = hour.slice(0, DAY_LENGTH);
  const hours = new Set<string>();
  const groups = new Map<string, BucketedActivity>();
  const objects = new Map<string, BucketedActivity>();
  for (const activity of activities) {
    const { time, actorId, verb, objectType, objectId } = activity;
    if (time >= hour) continue;
    hours.add(hourOf(activity));
    if (time < day) groups.set(`${dayOf(activity)} ${actorId} ${verb} ${objectType}`, activity);
    if (definitionOfVerb(verb).engagement) {
      objects.set(`${hourOf(activity)} ${objectType} ${objectId}`, activity);
    }
  }
  return { hours: [...hours], groups: [...groups.values()], objects: [...objects.values()] };
}

const DAY_LENGTH = '2019-02-10'.length;
const HOUR_LENGTH = '2019-02-10T12'.length;

const dayOf = ({ time }: BucketedActivity) => `${time.slice(0, DAY_LENGTH)}T00:00:00+00:00`;
const hourOf = ({ time }: BucketedActivity) => `${time.slice(0, HOUR_LENGTH)}:00:00+00:00`;
