import { groupOf } from '../read-notifications/group-of-row';
import { type TouchedGroup, touch } from '../read-notifications/touched-groups';
import type { LoggedEvent } from '../timeline-index/recent-log';
import type { Row } from '../timeline-index/rows/activity-rows';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import type { ConcernedUsers } from './concerned';

/** What an event changes in somebody's notifications: groups, by name. If the list must be loaded again, `stale`. */
export type NotifiedChange = ReadonlyMap<string, TouchedGroup> | 'stale';

/** Undefined if it changes nothing for `user`, a number. */
export function notifiedChange(
  index: TimelineIndex,
  concerned: ConcernedUsers,
  event: LoggedEvent,
  user: number,
): NotifiedChange | undefined {
  const { rows } = index;
  const { actor, rows: added, below, change } = event;
  if (below?.includes(user)) return 'stale';
  const isAbout = (row: Row) => rows.has(row) && rows.targetOf(row) === user && rows.actorOf(row) !== user;
  const touched = (some: readonly Row[], areLost: boolean): NotifiedChange | undefined => {
    const groups = new Map<string, TouchedGroup>();
    for (const row of some) if (isAbout(row)) touch(groups, groupOf(index, row), areLost ? row : undefined);
    return groups.size > 0 ? groups : undefined;
  };
  switch (change?.kind) {
    case 'taken-back':
      if (!change.targets.includes(user)) return undefined;
      return change.rows.length === 0 ? 'stale' : touched(change.rows, true);
    case 'object':
    case 'account': {
      const { groups, isBroad } = concerned.of(event);
      return groups.get(user) ?? (isBroad ? 'stale' : undefined);
    }
    case 'request-ended':
      if (change.target !== user) return undefined;
      return change.row === undefined ? 'stale' : touched([change.row], true);
    case 'hiding':
      return actor === user || (change.isBlock && change.other === user) ? 'stale' : undefined;
    case 'follow':
      if (change.following || change.followee !== user) return touched(added, false);
      return change.row === undefined ? 'stale' : touched([change.row], true);
    default:
      return touched(added, false);
  }
}
