import type { ObjectType, UserId, Verb } from '@activity-feed/contracts';

export interface Activity {
  time: string;
  event_id: string;
  actor_id: UserId;
  verb: Verb;
  object_type: ObjectType | null;
  object_id: number | null;
  target_id: UserId | null;
}

export type ActivityColumn = keyof Activity;

/** The PostgreSQL type of each column. Statements take their columns' names and order from this list. */
export const ACTIVITY_COLUMN_TYPES = {
  time: 'timestamptz',
  event_id: 'uuid',
  actor_id: 'int',
  verb: 'text',
  object_type: 'text',
  object_id: 'bigint',
  target_id: 'int',
} as const satisfies Record<ActivityColumn, string>;

export const ACTIVITY_COLUMNS = Object.keys(ACTIVITY_COLUMN_TYPES) as readonly ActivityColumn[];

/** A select list of all columns, in which expressions stand for some of them. */
export const selectActivity = (expressions: Partial<Record<ActivityColumn, string>> = {}): string =>
  ACTIVITY_COLUMNS.map((column) => (expressions[column] ? `${expressions[column]} AS ${column}` : column)).join(', ');
