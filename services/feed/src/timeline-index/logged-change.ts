import { type Microseconds, type ObjectRef, objectName, toMicroseconds, type Verb } from '@activity-feed/contracts';
import type { Effects } from '../activity/effects';
import { keyOfObject } from '../activity/object-key';
import type { Row } from './rows/activity-rows';
import type { UserTable } from './rows/user-table';

/** What an event of the log changed apart from the rows that it added. Users are numbers. */
export type LoggedChange =
  | {
      readonly kind: 'taken-back';
      readonly verb: Verb;
      /** Of the activities; undefined if it is not known how many they were. */
      readonly times: readonly Microseconds[] | undefined;
      /** Their rows; empty if these are not known. */
      readonly rows: readonly Row[];
      /** The owner of what they are about. */
      readonly targets: readonly number[];
    }
  | { readonly kind: 'object'; readonly key: number; readonly name: string; readonly deleted: boolean }
  | { readonly kind: 'follow'; readonly followee: number; readonly following: boolean; readonly row: Row | undefined }
  | { readonly kind: 'request-ended'; readonly target: number; readonly row: Row | undefined }
  | { readonly kind: 'hiding'; readonly other: number; readonly isBlock: boolean }
  | { readonly kind: 'account' };

/** What the index knows of an event when it is applied: the rows that were taken back or have ended. */
export interface EndedRows {
  readonly takenBack?: readonly Row[];
  readonly ended?: Row | undefined;
}

/** `timeOf`: of a row. */
export function changeBy(
  { users: named, takenBack, objectState, follow, hiding, account, endedRequest }: Effects,
  users: UserTable,
  timeOf: (row: Row) => Microseconds,
  { takenBack: rows = [], ended: row }: EndedRows = {},
): LoggedChange | undefined {
  if (takenBack) {
    const targets = named.slice(1).map(({ id }) => users.number(id));
    const only = takenBack.from === takenBack.to ? [toMicroseconds(takenBack.from)] : undefined;
    return { kind: 'taken-back', verb: takenBack.verb, times: only ?? timesOf(rows, timeOf), rows, targets };
  }
  if (objectState) {
    const object: ObjectRef = { type: objectState.objectType, id: objectState.objectId };
    return { kind: 'object', key: keyOfObject(object), name: objectName(object), deleted: objectState.deleted };
  }
  if (follow) return { kind: 'follow', followee: users.number(follow.followeeId), following: follow.following, row };
  if (hiding) return { kind: 'hiding', other: users.number(hiding.otherId), isBlock: hiding.kind === 'block' };
  if (account) return { kind: 'account' };
  if (endedRequest) return { kind: 'request-ended', target: users.number(endedRequest.targetId), row };
  return undefined;
}

const timesOf = (rows: readonly Row[], timeOf: (row: Row) => Microseconds) =>
  rows.length > 0 ? rows.map(timeOf) : undefined;
