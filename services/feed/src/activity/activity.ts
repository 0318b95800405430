import type { EventId, EventTime, ObjectType, UserId, Verb } from '@activity-feed/contracts';

export interface Activity {
  time: EventTime;
  eventId: EventId;
  actorId: UserId;
  verb: Verb;
  objectType: ObjectType | null;
  objectId: number | null;
  targetId: UserId | null;
  /** Of the verb `comment`: the comment. The object is what it comments on. */
  commentId?: number | null;
  /** If the object is a comment: what it comments on, and the owner of that. */
  rootType?: ObjectType | null;
  rootId?: number | null;
  rootOwnerId?: UserId | null;
  /** Where its event lies in the log. Missing in rows of earlier versions. */
  logPartition?: number | null;
  logOffset?: number | null;
}

export type ActivityField = keyof Activity;

/** The column of each field, and its PostgreSQL type. Statements take their columns' order from this list. */
export const ACTIVITY_COLUMNS = {
  time: ['time', 'timestamptz'],
  eventId: ['event_id', 'uuid'],
  actorId: ['actor_id', 'int'],
  verb: ['verb', 'text'],
  objectType: ['object_type', 'text'],
  objectId: ['object_id', 'bigint'],
  targetId: ['target_id', 'int'],
  commentId: ['comment_id', 'bigint'],
  rootType: ['root_type', 'text'],
  rootId: ['root_id', 'bigint'],
  rootOwnerId: ['root_owner_id', 'int'],
  logPartition: ['log_partition', 'int'],
  logOffset: ['log_offset', 'bigint'],
} as const satisfies Record<ActivityField, readonly [name: string, type: string]>;

export const ACTIVITY_FIELDS = Object.keys(ACTIVITY_COLUMNS) as readonly ActivityField[];

/** The fields that the timeline index keeps. */
export const INDEXED_FIELDS = [
  'time',
  'eventId',
  'actorId',
  'verb',
  'objectType',
  'objectId',
  'targetId',
  'commentId',
  'rootType',
  'rootId',
  'rootOwnerId',
  'logPartition',
  'logOffset',
] as const satisfies readonly ActivityField[];
export interface IndexedActivity extends Pick<Activity, (typeof INDEXED_FIELDS)[number]> {
  /** Of a follow: whether it does not hold any more. */
  ended?: boolean;
}

/** A select list of `fields`, in which expressions stand for some of the columns. */
export const selectActivity = (
  expressions: Partial<Record<ActivityField, string>> = {},
  fields: readonly ActivityField[] = ACTIVITY_FIELDS,
): string => fields.map((field) => `${expressions[field] ?? ACTIVITY_COLUMNS[field][0]} AS "${field}"`).join(', ');
