import {
  countsEachTime,
  fromMicroseconds,
  isInLog,
  type LogPlace,
  type LogPosition,
  type Microseconds,
  NOTIFICATION_MEMBERS_MAX,
  NOTIFICATION_NAMES_MAX,
  type NotificationVerb,
  type ObjectType,
} from '@activity-feed/contracts';
import { DAY } from '../activity/durations';
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
export interface ReadMarks {
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
export interface Member {
  readonly position: Position;
  readonly place: LogPlace | undefined;
  readonly actorId: number;
  readonly commentId: number | null;
  readonly isShown: boolean;
}

export type GroupName = Pick<FoundGroup, 'verb' | 'objectType' | 'objectId'>;

interface Growing extends GroupName {
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
    private readonly marks: ReadMarks,
  ) {}

  add(row: NotifiedRow): void {
    const { verb, objectType, objectId, actorId } = row;
    const key = keyOf(row);
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

  /** The members of a group, newest first. */
  membersOf({ verb, objectType, objectId }: GroupName): readonly Member[] {
    const group = this.groups.get(keyOf({ verb, objectType, objectId }));
    return group ? inOrder(group) : [];
  }

  /** The groups with a member that is shown, in the order of all groups. */
  end(): FoundGroup[] {
    const found = [...this.groups.values()].flatMap((group) => this.finish(group) ?? []);
    return found.sort((a, b) => (isNewer(a.newest, b.newest) ? -1 : 1));
  }

  private finish(found: Growing): FoundGroup | undefined {
    const members = inOrder(found);
    const shown = members.filter(({ isShown }) => isShown);
    const [newest] = shown;
    if (!newest) return undefined;
    const { verb, objectType, objectId } = found;
    const group = groupName(found, this.day);
    const { seen, read, readOf } = this.marks;
    const readOfGroup = readOf.get(group);
    const isIn = (mark: LogPosition | undefined, place: LogPlace | undefined) =>
      mark !== undefined && isInLog(place, mark);
    return {
      ...{ group, verb, objectType, objectId, day: this.day },
      newest: (members[0] as Member).position,
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

const keyOf = ({ verb, objectType, objectId }: GroupName): string =>
  objectType === null ? verb : `${verb}:${objectType}:${objectId}`;

/** The name of a group in the API. */
export const groupName = (group: GroupName, day: Microseconds): string =>
  `${keyOf(group)}:${fromMicroseconds(day).slice(0, 'YYYY-MM-DD'.length)}`;

/** Those whose place is the first of several are not in order until then. */
const inOrder = ({ verb, members }: Growing): readonly Member[] =>
  countsEachTime(verb) ? members : members.toSorted((a, b) => (isNewer(a.position, b.position) ? -1 : 1));

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
