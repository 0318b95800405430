import { type ActivityGroup, fromMicroseconds, type Microseconds, type Verb } from '@activity-feed/contracts';
import { DAY, earlier, nextDay } from '../activity/durations';
import { type GroupsOf, type RowGroup } from '../timeline-index/queries/grouped-rows';
import { inPieces } from '../timeline-index/queries/in-pieces';
import { inTurns } from '../timeline-index/queries/in-turns';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import type { PlacedGroup } from './closed-groups';

const GROWTH = 4;

export interface GroupsInMemory {
  groups: PlacedGroup[];
  /** Groups before this day (its start) were not looked for; 0 if memory had all days. */
  to: Microseconds;
}

/** Groups from memory of actors who have a name; undefined if memory does not cover the range. */
export async function groupsFromMemory(index: TimelineIndex, of: GroupsOf): Promise<PlacedGroup[] | undefined> {
  // The database's join skips them too. Before the limit applies.
  const actors = await inTurns(namedOf(of.actors, index));
  const groups = await inTurns(index.groups({ ...of, actors }));
  return index.covers(of.from) ? groups.map((group) => toPlaced(group, index)) : undefined;
}

function* namedOf(actors: Uint32Array, { users: { names } }: TimelineIndex): Generator<undefined, Uint32Array> {
  const named = new Uint32Array(actors.length);
  let count = 0;
  yield* inPieces(actors, (actor) => {
    if (names.has(actor)) named[count++] = actor;
  });
  return named.subarray(0, count);
}

/**
 * The first groups before the day `to` from memory, as far as it covers them, by ranges of days that widen until the page
 * is full.
 */
export async function closedGroupsFromMemory(
  index: TimelineIndex,
  { to: end, limit, ...of }: Omit<GroupsOf, 'from'> & { to: Microseconds },
): Promise<GroupsInMemory> {
  const groups: PlacedGroup[] = [];
  let to = of.before ? earlier(end, nextDay(of.before.firstTime)) : end;
  for (let days = 1; groups.length < limit && to > 0; days *= GROWTH) {
    const from = Math.max(to - days * DAY, index.firstDay) as Microseconds;
    if (from >= to) break;
    const found = await groupsFromMemory(index, { ...of, from, to, limit: limit - groups.length });
    if (!found) break;
    groups.push(...found);
    to = from;
  }
  return { groups, to };
}

function toPlaced({ user, count, objectIds, ...place }: RowGroup, index: TimelineIndex): PlacedGroup {
  const time = fromMicroseconds(place.firstTime);
  return {
    actor_name: index.users.names.get(user),
    verb: place.verb as Verb,
    object_type: (place.objectType || null) as ActivityGroup['object_type'],
    count,
    object_ids: [...objectIds],
    day: time.slice(0, '2019-02-10'.length),
    time,
    firstTime: place.firstTime,
    actorId: place.actorId,
    objectType: place.objectType,
  };
}
