import type { Microseconds } from '@activity-feed/contracts';
import { notificationOf } from '../activity/activity-kinds';
import type { View } from '../timeline-index/queries/view';
import type { Row } from '../timeline-index/rows/activity-rows';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { hides } from './indexed-rows';

/** A group of notifications that events have changed. */
export interface TouchedGroup {
  readonly day: Microseconds;
  /** Some of its rows that were taken back, deleted or hidden: whoever saw one of them may still show the group. */
  readonly lost: readonly Row[];
  /** Whether that was because an account is open to others now. */
  readonly byAccount: boolean;
}

const MOST_ROWS = 8;

/** Notes that a group has changed, and which row it may have lost. */
export function touch(
  groups: Map<string, TouchedGroup>,
  [name, day]: readonly [name: string, day: Microseconds],
  lost?: Row,
  byAccount = false,
): void {
  const known = groups.get(name);
  const rows = lost === undefined || (known?.lost.length ?? 0) >= MOST_ROWS ? [] : [lost];
  groups.set(name, {
    day,
    lost: [...(known?.lost ?? []), ...rows],
    byAccount: byAccount || (known?.byAccount ?? false),
  });
}

/** Whether a user has seen one of the rows that the group has lost, as far as `view` is what the user may see. */
export function mayHaveSeen(index: TimelineIndex, view: View | undefined, { lost, byAccount }: TouchedGroup): boolean {
  const { rows } = index;
  return lost.some((row) => {
    const verb = rows.has(row) ? notificationOf(rows.kindOf(row)) : undefined;
    if (!verb || !view) return verb !== undefined;
    return byAccount ? !view.hidesByList(row) : !hides(view, index, row, verb);
  });
}
