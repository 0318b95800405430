import { type Microseconds, NOTIFICATION_VERBS } from '@activity-feed/contracts';
import { hasObject, notificationOf, readKind } from '../activity/activity-kinds';
import type { Row } from '../timeline-index/rows/activity-rows';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { dateOf, dayOf, groupName } from './notification-groups';

/** The name of the group of notifications that a row belongs to for its target, and the group's day. */
export function groupOf({ rows }: TimelineIndex, row: Row): readonly [name: string, day: Microseconds] {
  const kind = rows.kindOf(row);
  const verb = notificationOf(kind) ?? NOTIFICATION_VERBS[0];
  const { objectType } = readKind(kind);
  const day = dayOf(rows.timeOf(row));
  const objectId = hasObject(kind) ? rows.objectIdOf(row) : null;
  return [groupName({ verb, objectType, objectId }, dateOf(day)), day];
}
