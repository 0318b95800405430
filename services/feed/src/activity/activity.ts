import type { EventId, EventTime, ObjectType, UserId, Verb } from '@activity-feed/contracts';

export interface Activity {
  time: EventTime;
  eventId: EventId;
  actorId: UserId;
  verb: Verb;
  objectType: ObjectType | null;
  objectId: number | null;
  targetId: UserId | null;
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
} as const satisfies Record<ActivityField, readonly [name: string, type: string]>;

export const ACTIVITY_FIELDS = Object.keys(ACTIVITY_COLUMNS) as readonly ActivityField[];

/** A select list of all fields, in which expressions stand for some of the columns. */
export const selectActivity = (expressions: Partial<Record<ActivityField, string>> = {}): string =>
  ACTIVITY_FIELDS.map((field) => `${expressions[field] ?? ACTIVITY_COLUMNS[field][0]} AS "${field}"`).join(', ');
