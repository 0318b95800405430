import {
  countsEachTime,
  decodeLogPosition,
  fromMicroseconds,
  LOG_START,
  type LogPlace,
  type LogPosition,
  type Marks,
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
  readonly time: Microseconds;
  readonly verb: NotificationVerb;
  readonly actorId: number;
  readonly objectType: ObjectType | null;
  readonly objectId: number | null;
  /** By keyOfObject; 0 without an object. */
  readonly objectKey: number;
  readonly commentId: number | null;
  /** Of its event in the log; undefined for events of earlier versions, which are before everything. */
  readonly place: LogPlace | undefined;
  /** Whether its event lies before a position in the log. */
  isIn(position: LogPosition): boolean;
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

/** One of those who make up a group. Of a user's repeated likes, follows and so on, `row` is the first. */
export interface Member {
  readonly row: NotifiedRow;
  readonly isShown: boolean;
}

export type GroupName = Pick<FoundGroup, 'verb' | 'objectType' | 'objectId'>;

export const dayOf = (time: Microseconds): Microseconds => (time - (time % DAY)) as Microseconds;

/** Groups the rows of one day, which must come newest first, by verb and object. */
export class GroupsOfDay {
  /** By verb, and then by object. */
  private readonly groups = new Map<NotificationVerb, Map<number, MembersOfGroup>>();

  constructor(
    private readonly day: Microseconds,
    private readonly marks: ReadMarks,
  ) {}

  add(row: NotifiedRow): void {
    let ofVerb = this.groups.get(row.verb);
    if (!ofVerb) {
      ofVerb = new Map();
      this.groups.set(row.verb, ofVerb);
    }
    let group = ofVerb.get(row.objectKey);
    if (!group) {
      group = new MembersOfGroup(row);
      ofVerb.set(row.objectKey, group);
    }
    group.add(row);
  }

  /** The members of a row's group, newest first. */
  membersOf({ verb, objectKey }: Pick<NotifiedRow, 'verb' | 'objectKey'>): readonly Member[] {
    return this.groups.get(verb)?.get(objectKey)?.inOrder() ?? [];
  }

  /** The groups with a member that is shown, in the order of all groups. `isWanted` gets the place of each. */
  *inOrder(isWanted: (newest: Position) => boolean = () => true): Generator<FoundGroup> {
    const all = Array.from(this.groups.values(), (ofVerb) => [...ofVerb.values()]).flat();
    const placed = all.map((members) => ({ members, newest: members.newest }));
    placed.sort((a, b) => (isNewer(a.newest, b.newest) ? -1 : 1));
    for (const { members, newest } of placed) {
      const group = isWanted(newest) ? this.finish(members, newest) : undefined;
      if (group) yield group;
    }
  }

  private finish(members: MembersOfGroup, newest: Position): FoundGroup | undefined {
    const group = groupName(members.name, this.day);
    const { seen, read, readOf } = this.marks;
    const readOfGroup = readOf.get(group);
    const isIn = (row: NotifiedRow, mark: LogPosition | undefined) => mark !== undefined && row.isIn(mark);
    const shown = members.shown({
      seen: (row) => isIn(row, seen),
      read: (row) => isIn(row, read) || isIn(row, readOfGroup),
    });
    return shown && { ...members.name, ...shown, group, day: this.day, newest };
  }
}

/** Whether a row is marked in some way. */
type IsMarked = (row: NotifiedRow) => boolean;

class MembersOfGroup {
  private rows: NotifiedRow[] = [];
  private isShown: boolean[] = [];
  /** The place of each actor's member, of verbs that count an actor once. */
  private readonly ofActor: Map<number, number> | undefined;
  /** Whether the row of a member was replaced by an earlier one, so that rows are not in order any more. */
  private isMixed = false;
  readonly name: GroupName;

  constructor({ verb, objectType, objectId }: GroupName) {
    this.name = { verb, objectType, objectId };
    this.ofActor = countsEachTime(verb) ? undefined : new Map();
  }

  add(row: NotifiedRow): void {
    const { rows, isShown, ofActor } = this;
    const before = ofActor?.get(row.actorId);
    if (before === undefined) {
      ofActor?.set(row.actorId, rows.length);
      rows.push(row);
      isShown.push(row.isShown);
      return;
    }
    rows[before] = row;
    isShown[before] ||= row.isShown;
    this.isMixed = true;
  }

  get newest(): Position {
    this.sort();
    return (this.rows[0] as NotifiedRow).position;
  }

  inOrder(): Member[] {
    this.sort();
    return this.rows.map((row, place) => ({ row, isShown: this.isShown[place] as boolean }));
  }

  /** What is shown of the group; undefined if nothing is. */
  shown(isMarked: { seen: IsMarked; read: IsMarked }): ShownMembers | undefined {
    this.sort();
    let newest: NotifiedRow | undefined;
    let [count, seen, read] = [0, true, true];
    const actors = new Set<number>();
    for (const [place, row] of this.rows.entries()) {
      if (!this.isShown[place]) continue;
      newest ??= row;
      count++;
      if (actors.size < NOTIFICATION_NAMES_MAX) actors.add(row.actorId);
      seen &&= isMarked.seen(row);
      read &&= isMarked.read(row);
      if (count > NOTIFICATION_MEMBERS_MAX && !seen && !read) break;
    }
    if (!newest) return undefined;
    return {
      ...{ shown: newest.position, commentId: newest.commentId, actorIds: [...actors], seen, read },
      count: Math.min(count, NOTIFICATION_MEMBERS_MAX),
      more: count > NOTIFICATION_MEMBERS_MAX,
    };
  }

  private sort(): void {
    if (!this.isMixed) return;
    const members = this.rows.map((row, place) => ({ row, isShown: this.isShown[place] as boolean }));
    members.sort((a, b) => (isNewer(a.row.position, b.row.position) ? -1 : 1));
    this.rows = members.map(({ row }) => row);
    this.isShown = members.map(({ isShown }) => isShown);
    this.isMixed = false;
  }
}

type ShownMembers = Omit<FoundGroup, keyof GroupName | 'group' | 'day' | 'newest'>;

/** The name of a group in the API. */
export const groupName = ({ verb, objectType, objectId }: GroupName, day: Microseconds): string =>
  [verb, objectType === null ? [] : [objectType, objectId], fromMicroseconds(day).slice(0, 'YYYY-MM-DD'.length)]
    .flat()
    .join(':');

/** Whether `a` comes before `b`, as in all pages. */
export function isNewer(a: Position, b: Position): boolean {
  if (a.time !== b.time) return a.time > b.time;
  for (let word = 0; word < 4; word++) {
    const [wordA, wordB] = [a.id[word] as number, b.id[word] as number];
    if (wordA !== wordB) return wordA > wordB;
  }
  return false;
}

export const toReadMarks = ({ seen, read, groups }: Marks): ReadMarks => ({
  seen: seen === null ? undefined : toPosition(seen),
  read: read === null ? undefined : toPosition(read),
  readOf: new Map(groups.map(({ group, until }) => [group, toPosition(until)])),
});

/** Without the offsets, if they are of another generation of the log. */
const toPosition = (text: string): LogPosition => decodeLogPosition(text) ?? LOG_START;
