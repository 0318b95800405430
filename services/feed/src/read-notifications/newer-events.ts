import type { ErrorCode, LogPosition, Microseconds } from '@activity-feed/contracts';
import { eventsSince } from '../read-since/events-since';
import { MovingPosition } from '../read-since/moving-position';
import type { LoggedEvent } from '../timeline-index/recent-log';
import type { Row } from '../timeline-index/rows/activity-rows';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { dayOf } from './notification-groups';

/** The events between two positions that concern a user. */
export interface NewerEvents {
  readonly since: LogPosition;
  readonly until: LogPosition;
  /** The day of the oldest of them; infinite if there are none. */
  readonly firstDay: Microseconds;
  /** Whether there are no others. */
  readonly isLast: boolean;
}

/** From `since` on, until they concern `limit` groups. A page has no more, so that it can show them as they were then. */
export function newerEvents(
  index: TimelineIndex,
  user: number | undefined,
  since: string,
  limit: number,
): NewerEvents | ErrorCode {
  const { rows } = index;
  const rowOf = ({ rows: added }: LoggedEvent) =>
    added.find((row) => rows.has(row) && rows.targetOf(row) === user && rows.actorOf(row) !== user);
  // Rows that were evicted may concern the user.
  const isGone = ({ below, rows: added }: LoggedEvent) =>
    below?.includes(user as number) || !added.every((row) => rows.has(row));
  const found = eventsSince(index, since, (event) => isGone(event) || rowOf(event) !== undefined);
  if (typeof found === 'string') return found;
  const position = new MovingPosition(index.log, found.position);
  const groups = new Set<string>();
  let firstDay = Number.POSITIVE_INFINITY as Microseconds;
  for (const event of found.events) {
    if (isGone(event)) return 'POSITION_GONE';
    const row = rowOf(event) as Row;
    const name = nameOfGroup(index, row);
    if (groups.size === limit && !groups.has(name)) {
      return { since: found.position, until: position.position, firstDay, isLast: false };
    }
    groups.add(name);
    firstDay = Math.min(firstDay, dayOf(rows.timeOf(row))) as Microseconds;
    position.pass(event.place);
  }
  position.passAll();
  return { since: found.position, until: position.position, firstDay, isLast: true };
}

const nameOfGroup = ({ rows }: TimelineIndex, row: Row): string =>
  [rows.kindOf(row), rows.objectIdOf(row), dayOf(rows.timeOf(row))].join();
