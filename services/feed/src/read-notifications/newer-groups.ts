import type { Marks, Microseconds } from '@activity-feed/contracts';
import { findGroups } from './find-groups';
import type { NewerEvents } from './newer-events';
import { type FoundGroup, toReadMarks } from './notification-groups';
import type { NotifiedUser } from './notified-user';

/** The groups that have grown by the events, as they were after these. */
export async function newerGroups(
  user: NotifiedUser,
  marks: Marks,
  { since, until, firstDay }: NewerEvents,
): Promise<FoundGroup[]> {
  const asked = { asOf: until, isNeeded: (day: Microseconds) => day >= firstDay };
  const grown = new Set<string>();
  const before = { seen: since, read: undefined, readOf: new Map() };
  for await (const { group, seen } of findGroups(user, { ...asked, marks: before })) if (!seen) grown.add(group);
  const groups: FoundGroup[] = [];
  for await (const group of findGroups(user, { ...asked, marks: toReadMarks(marks) })) {
    if (grown.has(group.group)) groups.push(group);
  }
  return groups;
}
