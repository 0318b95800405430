import { countsEachTime, NOTIFICATION_VERBS, type NotificationVerb } from '@activity-feed/contracts';

/** Counts of groups are exact up to the first of these numbers, counts of members up to the second. */
const GROUPS_MAX = 100;
const MEMBERS_MAX = 1_000;
const NAMES_MAX = 3;

/** Something that concerns a user. */
export interface Happening {
  readonly user: string;
  readonly verb: NotificationVerb;
  readonly actor: string;
  /** By name: the user's object or, of a mention, the object that has it. Null if it is about people alone. */
  readonly object: string | null;
  /** Of the verbs `comment` and `reply`: the comment that was added. */
  readonly comment?: string;
  /** The UTC day of the event. */
  readonly day: string;
}

export interface Notification {
  readonly group: string;
  readonly verb: NotificationVerb;
  readonly object: string | null;
  /** The comment of the newest member. */
  readonly comment: string | null;
  readonly day: string;
  /** Newest first. */
  readonly actors: readonly string[];
  readonly count: Count;
  readonly seen: boolean;
  readonly read: boolean;
  /** Of the newest member in the log. Together with `group`, this identifies the state of the group. */
  readonly position: number;
  /** Of the newest member that may not be shown: the group's place in the list. */
  readonly place: number;
}

/** `more`: there are more than `count`. */
export interface Count {
  readonly count: number;
  readonly more: boolean;
}

export interface Unmarked {
  readonly unseen: Count;
  readonly unread: Count;
}

interface Placed {
  readonly happening: Happening;
  /** Its event's place in the log. */
  readonly position: number;
  isTakenBack: boolean;
}

/** A member of a group. A user who likes the same again on the same day is the same member, and not a new one. */
interface Member {
  /** Undefined if it was taken back or is hidden. The place of its group stays the same. */
  readonly shown: Happening | undefined;
  readonly arrival: number;
}

interface Marks {
  /** The position in the log up to which the user has seen that there is something. */
  seen: number;
  /** The same for what the user has read. */
  read: number;
  /** The same by group. */
  readonly readOf: Map<string, number>;
}

/** Whether `viewer` may see it, and what it is about is not deleted. */
export type IsShown = (viewer: string, happening: Happening) => boolean;

/**
 * The reference for notifications. All events are in one order, that of the log. What is shown is decided at every read
 * and changes no marks.
 */
export class NotificationModel {
  private position = 0;
  private readonly all: Placed[] = [];
  private readonly marks = new Map<string, Marks>();

  constructor(private readonly isShown: IsShown) {}

  /** Adds the users whom one event concerns. Nobody is notified of what they do themselves. */
  happened(concerned: readonly Happening[]): void {
    this.position++;
    const others = concerned.filter(({ actor, user }) => actor !== user);
    for (const ofUser of Map.groupBy(others, ({ user }) => user).values()) {
      const [first] = ofUser.toSorted((a, b) => precedence(a) - precedence(b)) as [Happening];
      this.all.push({ happening: first, position: this.position, isTakenBack: false });
    }
  }

  /** The actor has taken back likes or shares of the object, or a follow or request of the user has ended. */
  tookBack(verb: NotificationVerb, actor: string, about: { object: string } | { user: string }): void {
    this.position++;
    for (const one of this.all) {
      const { happening } = one;
      const isMeant = 'object' in about ? happening.object === about.object : happening.user === about.user;
      if (happening.verb === verb && happening.actor === actor && isMeant) one.isTakenBack = true;
    }
  }

  /**
   * The groups with a member that is shown, by their newest member, the newest first. With `asOf`, as they were at a
   * position in the log, but without what was taken back or hidden since.
   */
  list(user: string, asOf = this.position): Notification[] {
    const ofUser = this.all.filter(({ happening, position }) => happening.user === user && position <= asOf);
    return [...Map.groupBy(ofUser, ({ happening }) => groupOf(happening))]
      .map(([group, placed]) => ({ group, members: membersOf(placed, (one) => this.isShown(user, one)) }))
      .toSorted((a, b) => placeOf(b.members) - placeOf(a.members))
      .flatMap(({ group, members }) => this.notification(user, group, members) ?? []);
  }

  /** Of the newest event in the log. */
  get newest(): number {
    return this.position;
  }

  /** The groups with a member that is shown and that arrived after a position, and was none before. */
  newer(user: string, since: number): Notification[] {
    return this.list(user).filter(({ position }) => position > since);
  }

  /** How many of the groups in the list are not seen, and not read. */
  count(user: string): Unmarked {
    const list = this.list(user);
    const countOf = (mark: 'seen' | 'read') => atMost(GROUPS_MAX, list.filter((one) => !one[mark]).length);
    return { unseen: countOf('seen'), unread: countOf('read') };
  }

  /** Marks everything up to a position or place, which is the current one by default. A mark never goes back. */
  markSeen(user: string, until = this.position): void {
    const marks = this.marksOf(user);
    marks.seen = Math.max(marks.seen, until);
  }

  markRead(user: string, until = this.position): void {
    const marks = this.marksOf(user);
    marks.read = Math.max(marks.read, until);
  }

  /** Members of the group that arrived later are not read. */
  markGroupRead(user: string, group: string, until: number): void {
    const { readOf } = this.marksOf(user);
    readOf.set(group, Math.max(readOf.get(group) ?? 0, until));
  }

  /** Undefined if no member is shown. */
  private notification(user: string, group: string, members: readonly Member[]): Notification | undefined {
    const shown = members.flatMap(({ shown, arrival }) => (shown ? { happening: shown, arrival } : []));
    const [newest] = shown;
    if (!newest) return undefined;
    const { happening, arrival: position } = newest;
    const { verb, object, comment = null, day } = happening;
    const marks = this.marksOf(user);
    const readUntil = Math.max(marks.read, marks.readOf.get(group) ?? 0);
    return {
      ...{ group, verb, object, comment, day, position, place: placeOf(members) },
      actors: [...new Set(shown.map(({ happening: { actor } }) => actor))].slice(0, NAMES_MAX),
      count: atMost(MEMBERS_MAX, shown.length),
      seen: position <= marks.seen,
      read: position <= readUntil,
    };
  }

  private marksOf(user: string): Marks {
    const marks = this.marks.get(user) ?? { seen: 0, read: 0, readOf: new Map() };
    this.marks.set(user, marks);
    return marks;
  }
}

const precedence = ({ verb }: Happening) => NOTIFICATION_VERBS.indexOf(verb);

const groupOf = ({ verb, object, day }: Happening) => [verb, object ?? [], day].flat().join(':');

/** Newest first. Who does the same several times is one member, unless each time counts. */
function membersOf(all: readonly Placed[], isShown: (one: Happening) => boolean): Member[] {
  const memberOf = ({ happening, position }: Placed) =>
    countsEachTime(happening.verb) ? String(position) : happening.actor;
  return [...Map.groupBy(all, memberOf).values()]
    .map((ofMember) => ({
      shown: ofMember.find(({ happening, isTakenBack }) => !isTakenBack && isShown(happening))?.happening,
      arrival: (ofMember[0] as Placed).position,
    }))
    .toSorted((a, b) => b.arrival - a.arrival);
}

const placeOf = (members: readonly Member[]) => (members[0] as Member).arrival;

const atMost = (max: number, count: number): Count => ({ count: Math.min(count, max), more: count > max });
