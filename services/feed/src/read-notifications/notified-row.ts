import type { LogPlace, LogPosition, Microseconds, NotificationVerb, ObjectType } from '@activity-feed/contracts';
import type { Position } from '../activity/positions';

/** Something that concerns a user. Valid until the next one is visited; `handle` stays valid. */
export interface NotifiedRow<Handle = unknown> {
  readonly handle: Handle;
  readonly details: RowDetails<Handle>;
  /** Of its event. */
  readonly time: Microseconds;
  readonly verb: NotificationVerb;
  /** Identifies the actor among rows with the same details; see `userIdOf`. */
  readonly actor: number;
  readonly objectType: ObjectType | null;
  readonly objectId: number | null;
  /** By keyOfObject; 0 without an object. */
  readonly objectKey: number;
  /** Whether the user sees it: it was not taken back and is not hidden. */
  readonly isShown: boolean;
}

/** What is not needed of every row. */
export interface RowDetails<Handle = unknown> {
  /** Of its event. */
  positionOf(handle: Handle): Position;
  /** Of its event in the log; undefined for events of earlier versions, which are before everything. */
  placeOf(handle: Handle): LogPlace | undefined;
  /** Whether its event lies before a position in the log. */
  isIn(handle: Handle, position: LogPosition): boolean;
  commentIdOf(handle: Handle): number | null;
  userIdOf(actor: number): number;
}

/** Rows of one day, newest first. */
export interface RowsOfDay {
  /** Its start. */
  readonly day: Microseconds;
  /** Whether they are in memory, where it is known until when rows are marked. */
  readonly areIndexed: boolean;
  visit(each: (row: NotifiedRow) => void): void;
}
