import {
  countsEachTime,
  decodeLogPosition,
  fromMicroseconds,
  LOG_START,
  type LogPosition,
  type Marks,
  type Microseconds,
  type NotificationVerb,
  type ObjectType,
} from '@activity-feed/contracts';
import { DAY } from '../activity/durations';
import type { Position } from '../activity/positions';
import { type MarkedUntil, UNKNOWN } from '../timeline-index/notifications';
import { MembersOfDay } from './members-of-day';
import { MembersOfGroup, type ShownMembers } from './members-of-group';
import type { NotifiedRow, RowDetails } from './notified-row';

/** What a user has seen and read. */
export interface ReadMarks {
  readonly seen: LogPosition | undefined;
  readonly read: LogPosition | undefined;
  /** By group, what was read of it beside that. */
  readonly readOf: ReadonlyMap<string, LogPosition>;
}

export interface FoundGroup extends ShownMembers {
  readonly group: string;
  readonly verb: NotificationVerb;
  readonly objectType: ObjectType | null;
  readonly objectId: number | null;
  readonly day: Microseconds;
  /** The day, in the API. */
  readonly date: string;
  /** Of its newest member, which may have been taken back or be hidden: the group's place in the order of all. */
  readonly newest: Position;
}

export type GroupName = Pick<FoundGroup, 'verb' | 'objectType' | 'objectId'>;

export const dayOf = (time: Microseconds): Microseconds => (time - (time % DAY)) as Microseconds;

/** Groups the rows of one day, which must come newest first and from one source, by verb and object. */
export class GroupsOfDay {
  /** As in the names of groups. */
  readonly date: string;
  /** By verb, and then by object. */
  private readonly groups = new Map<NotificationVerb, Map<number, Group>>();
  private readonly all: Group[] = [];
  private readonly members: MembersOfDay;

  /** All rows before the times `until` are marked. */
  constructor(
    readonly day: Microseconds,
    private readonly marks: ReadMarks,
    until: MarkedUntil = UNKNOWN,
  ) {
    this.date = dateOf(day);
    this.members = new MembersOfDay(until);
  }

  add(row: NotifiedRow): void {
    const { verb, objectKey } = row;
    let ofVerb = this.groups.get(verb);
    if (!ofVerb) {
      ofVerb = new Map();
      this.groups.set(verb, ofVerb);
    }
    let group = ofVerb.get(objectKey);
    if (!group) {
      group = this.groupOf(row);
      ofVerb.set(objectKey, group);
    }
    group.members.add(row);
  }

  /** Visits the members of a row's group, newest first. Of a user's repeated likes, follows and so on, that is the first. */
  forEachMember(
    { verb, objectKey }: Pick<NotifiedRow, 'verb' | 'objectKey'>,
    visit: (handle: unknown, isShown: boolean) => void,
  ): void {
    this.groups.get(verb)?.get(objectKey)?.members.forEach(visit);
  }

  /**
   * The groups with a member that is shown, in the order of all groups. `isWanted` gets the place of each. `isNeeded` is asked
   * before each group, with what it or a later one may be: without it, these are not needed.
   */
  *inOrder(
    isWanted: (newest: Position) => boolean = () => true,
    isNeeded: (mayBe: Unmarked) => boolean = () => true,
  ): Generator<FoundGroup> {
    const { handles, unseen, unread } = this.members;
    const shown = this.all.filter(({ members }) => members.isShown);
    // Members are numbered in the order of all rows.
    const placed = shown.map((group) => ({ group, newest: group.members.newest }));
    placed.sort((a, b) => a.newest - b.newest);
    for (const { group, newest } of placed) {
      if (!isNeeded({ unseen: newest < unseen, unread: newest < unread })) return;
      const position = group.details.positionOf(handles[newest]);
      if (isWanted(position)) yield this.finish(group, position);
    }
  }

  /** To be called when nothing is asked of the groups any more. */
  release(): void {
    this.members.release();
  }

  private groupOf({ verb, objectType, objectId, details }: NotifiedRow): Group {
    const members = new MembersOfGroup(this.members, this.all.length, !countsEachTime(verb));
    const group = { name: { verb, objectType, objectId }, details, members };
    this.all.push(group);
    return group;
  }

  private finish({ name, details, members }: Group, newest: Position): FoundGroup {
    const { day, date } = this;
    const group = groupName(name, date);
    const { seen, read, readOf } = this.marks;
    return {
      ...{ ...name, group, day, date, newest },
      ...members.shown(details, { seen: [seen], read: [read, readOf.get(group)] }),
    };
  }
}

/** Whether something is not seen, and not read. */
export interface Unmarked {
  readonly unseen: boolean;
  readonly unread: boolean;
}

interface Group {
  readonly name: GroupName;
  readonly details: RowDetails;
  readonly members: MembersOfGroup;
}

/** The name of a group in the API. */
export const groupName = ({ verb, objectType, objectId }: GroupName, date: string): string =>
  objectType === null ? `${verb}:${date}` : `${verb}:${objectType}:${objectId}:${date}`;

/** The name of a day in the API. */
export const dateOf = (day: Microseconds): string => fromMicroseconds(day).slice(0, 'YYYY-MM-DD'.length);

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
