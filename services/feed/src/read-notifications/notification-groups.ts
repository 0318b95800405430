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

/** Something that concerns a user. Valid until the next one is visited; `handle` stays valid. */
export interface NotifiedRow<Handle = unknown> {
  readonly handle: Handle;
  readonly details: RowDetails<Handle>;
  /** Of its event. */
  readonly time: Microseconds;
  readonly verb: NotificationVerb;
  /** Identifies the actor among rows with the same details; see `userIdOf`. */
  readonly actor: number;
  readonly objectType: ObjectType | null;
  readonly objectId: number | null;
  /** By keyOfObject; 0 without an object. */
  readonly objectKey: number;
  /** Whether the user sees it: it was not taken back and is not hidden. */
  readonly isShown: boolean;
}

/** What is not needed of every row. */
export interface RowDetails<Handle = unknown> {
  /** Of its event. */
  positionOf(handle: Handle): Position;
  /** Of its event in the log; undefined for events of earlier versions, which are before everything. */
  placeOf(handle: Handle): LogPlace | undefined;
  /** Whether its event lies before a position in the log. */
  isIn(handle: Handle, position: LogPosition): boolean;
  commentIdOf(handle: Handle): number | null;
  userIdOf(actor: number): number;
}

/** Rows of one day, newest first. */
export interface RowsOfDay {
  /** Its start. */
  readonly day: Microseconds;
  readonly count: number;
  visit(each: (row: NotifiedRow) => void): void;
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

export type GroupName = Pick<FoundGroup, 'verb' | 'objectType' | 'objectId'>;

export const dayOf = (time: Microseconds): Microseconds => (time - (time % DAY)) as Microseconds;

/** Groups the rows of one day, which must come newest first and from one source, by verb and object. */
export class GroupsOfDay {
  /** By verb, and then by object. */
  private readonly groups = new Map<NotificationVerb, Map<number, MembersOfGroup>>();

  constructor(
    readonly day: Microseconds,
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

  /** Visits the members of a row's group, newest first. Of a user's repeated likes, follows and so on, that is the first. */
  forEachMember(
    { verb, objectKey }: Pick<NotifiedRow, 'verb' | 'objectKey'>,
    visit: (handle: unknown, isShown: boolean) => void,
  ): void {
    this.groups.get(verb)?.get(objectKey)?.forEach(visit);
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
    const shown = members.shown({ seen: [seen], read: [read, readOf.get(group)] });
    return shown && { ...members.name, ...shown, group, day: this.day, newest };
  }
}

/** Positions of which any covers what is marked in some way. */
type Covering = readonly (LogPosition | undefined)[];

/** In place of the handle of a member that has moved. */
const MOVED = -1;

class MembersOfGroup {
  readonly name: GroupName;
  private readonly details: RowDetails;
  // Of each member, newest first. A member whose row was replaced by an earlier one has moved to the end.
  private readonly handles: unknown[] = [];
  private readonly actors: number[] = [];
  private readonly isShown: boolean[] = [];
  /** The place of each actor's member, of verbs that count an actor once. */
  private readonly ofActor: Map<number, number> | undefined;

  constructor({ verb, objectType, objectId, details }: NotifiedRow) {
    this.name = { verb, objectType, objectId };
    this.details = details;
    this.ofActor = countsEachTime(verb) ? undefined : new Map();
  }

  add({ handle, actor, isShown }: NotifiedRow): void {
    const { handles, actors, ofActor } = this;
    const before = ofActor?.get(actor);
    if (before !== undefined) handles[before] = MOVED;
    ofActor?.set(actor, handles.length);
    handles.push(handle);
    actors.push(actor);
    this.isShown.push(isShown || (before !== undefined && (this.isShown[before] as boolean)));
  }

  get newest(): Position {
    return this.details.positionOf(this.handles.find((handle) => handle !== MOVED));
  }

  /** The members, newest first, without an object for each: there may be very many. */
  forEach(visit: (handle: unknown, isShown: boolean) => void): void {
    const { handles, isShown } = this;
    for (let place = 0; place < handles.length; place++) {
      if (handles[place] !== MOVED) visit(handles[place], isShown[place] as boolean);
    }
  }

  /** What is shown of the group; undefined if nothing is. */
  shown(marks: { seen: Covering; read: Covering }): ShownMembers | undefined {
    const { details, handles, actors, isShown } = this;
    const isMarked = (handle: unknown, covering: Covering) =>
      covering.some((position) => position && details.isIn(handle, position));
    let newest: unknown;
    let [count, seen, read] = [0, true, true];
    const names = new Set<number>();
    for (let place = 0; place < handles.length; place++) {
      const handle = handles[place];
      if (handle === MOVED || !isShown[place]) continue;
      newest ??= handle;
      count++;
      if (names.size < NOTIFICATION_NAMES_MAX) names.add(actors[place] as number);
      seen &&= isMarked(handle, marks.seen);
      read &&= isMarked(handle, marks.read);
      if (count > NOTIFICATION_MEMBERS_MAX && !seen && !read) break;
    }
    if (newest === undefined) return undefined;
    return {
      ...{ shown: details.positionOf(newest), commentId: details.commentIdOf(newest), seen, read },
      actorIds: Array.from(names, (actor) => details.userIdOf(actor)),
      count: Math.min(count, NOTIFICATION_MEMBERS_MAX),
      more: count > NOTIFICATION_MEMBERS_MAX,
    };
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
