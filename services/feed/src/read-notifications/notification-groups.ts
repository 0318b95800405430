import {
  countsEachTime,
  fromMicroseconds,
  type Microseconds,
  NOTIFICATION_MEMBERS_MAX,
  NOTIFICATION_NAMES_MAX,
  type NotificationVerb,
  type ObjectType,
} from '@activity-feed/contracts';
import { DAY } from '../activity/durations';
import { isBefore, type LogPlace, type LogPosition } from '../activity/log-position';
import type { Position } from '../activity/positions';

/** Something that concerns a user. */
export interface NotifiedRow {
  /** Of its event. */
  readonly position: Position;
  readonly verb: NotificationVerb;
  readonly actorId: number;
  readonly objectType: ObjectType | null;
  readonly objectId: number | null;
  readonly commentId: number | null;
  readonly place: LogPlace | undefined;
  /** Whether the user sees it: it was not taken back and is not hidden. */
  readonly isShown: boolean;
}

/** What a user has seen and read. */
export interface Marks {
  readonly seen: LogPosition | undefined;
  readonly read: LogPosition | undefined;
  /** By group, what was read of it beside that. */
  readonly readOf: ReadonlyMap<string, LogPosition>;
}

export interface FoundGroup {
  readonly group: string;
  readonly verb: NotificationVerb;
  readonly objectType: ObjectType | null;
  readonly objectId: number | null;
  readonly day: Microseconds;
  /** Of its newest member, which may have been taken back or be hidden: the group's place in the order of all. */
  readonly newest: Position;
  /** Of its newest member that is shown. */
  readonly shown: Position;
  readonly commentId: number | null;
  /** Newest first, each once. */
  readonly actorIds: readonly number[];
  readonly count: number;
  readonly more: boolean;
  readonly seen: boolean;
  readonly read: boolean;
}

/** What of a row or member a group needs. Of a user's repeated likes, follows and so on, a member is the first. */
interface Member {
  readonly position: Position;
  readonly place: LogPlace | undefined;
  readonly actorId: number;
  readonly commentId: number | null;
  readonly isShown: boolean;
}

interface Growing extends Pick<FoundGroup, 'verb' | 'objectType' | 'objectId'> {
  readonly members: Member[];
  /** The place of each actor's member, of verbs that count an actor once. */
  readonly ofActor: Map<number, number>;
}

export const dayOf = (time: Microseconds): Microseconds => (time - (time % DAY)) as Microseconds;

/** Groups the rows of one day, which must come newest first, by verb and object. */
export class GroupsOfDay {
  private readonly groups = new Map<string, Growing>();

  constructor(
    private readonly day: Microseconds,
    private readonly marks: Marks,
  ) {}

  add(row: NotifiedRow): void {
    const { verb, objectType, objectId, actorId } = row;
    const key = objectType === null ? verb : `${verb}:${objectType}:${objectId}`;
    let group = this.groups.get(key);
    if (!group) {
      group = { verb, objectType, objectId, members: [], ofActor: new Map() };
      this.groups.set(key, group);
    }
    const { members, ofActor } = group;
    const before = countsEachTime(verb) ? undefined : ofActor.get(actorId);
    if (before === undefined) {
      if (!countsEachTime(verb)) ofActor.set(actorId, members.length);
      members.push(row);
      return;
    }
    const { isShown } = members[before] as Member;
    members[before] = { ...row, isShown: isShown || row.isShown };
  }

  /** The groups with a member that is shown, in the order of all groups. */
  end(): FoundGroup[] {
    const found = [...this.groups].flatMap(([key, group]) => this.finish(key, group) ?? []);
    return found.sort((a, b) => (isNewer(a.newest, b.newest) ? -1 : 1));
  }

  private finish(key: string, { verb, objectType, objectId, members }: Growing): FoundGroup | undefined {
    // Those whose place is the first of several are not in order any more.
    const inOrder = countsEachTime(verb) ? members : members.sort((a, b) => (isNewer(a.position, b.position) ? -1 : 1));
    const shown = inOrder.filter(({ isShown }) => isShown);
    const [newest] = shown;
    if (!newest) return undefined;
    const group = `${key}:${fromMicroseconds(this.day).slice(0, 10)}`;
    const { seen, read, readOf } = this.marks;
    const readOfGroup = readOf.get(group);
    const isIn = (mark: LogPosition | undefined, place: LogPlace | undefined) =>
      mark !== undefined && isBefore(place, mark);
    return {
      ...{ group, verb, objectType, objectId, day: this.day },
      newest: (inOrder[0] as Member).position,
      shown: newest.position,
      commentId: newest.commentId,
      actorIds: firstActors(shown),
      count: Math.min(shown.length, NOTIFICATION_MEMBERS_MAX),
      more: shown.length > NOTIFICATION_MEMBERS_MAX,
      seen: shown.every(({ place }) => isIn(seen, place)),
      read: shown.every(({ place }) => isIn(read, place) || isIn(readOfGroup, place)),
    };
  }
}

function firstActors(members: readonly Member[]): number[] {
  const actors = new Set<number>();
  for (const { actorId } of members) {
    actors.add(actorId);
    if (actors.size === NOTIFICATION_NAMES_MAX) break;
  }
  return [...actors];
}

/** Whether `a` comes before `b`, as in all pages. */
export function isNewer(a: Position, b: Position): boolean {
  if (a.time !== b.time) return a.time > b.time;
  for (let word = 0; word < 4; word++) {
    const [wordA, wordB] = [a.id[word] as number, b.id[word] as number];
    if (wordA !== wordB) return wordA > wordB;
  }
  return false;
}
