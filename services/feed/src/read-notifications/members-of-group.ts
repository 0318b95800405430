import { type LogPosition, NOTIFICATION_MEMBERS_MAX, NOTIFICATION_NAMES_MAX } from '@activity-feed/contracts';
import type { Position } from '../activity/positions';
import { type MembersOfDay, MOVED, NONE, SHOWN } from './members-of-day';
import type { NotifiedRow, RowDetails } from './notified-row';

/** Positions of which any covers what is marked in some way. */
export type Covering = readonly (LogPosition | undefined)[];

export interface ShownMembers {
  /** Of the newest member that is shown. */
  readonly shown: Position;
  readonly commentId: number | null;
  /** Newest first, each once. */
  readonly actorIds: readonly number[];
  readonly count: number;
  readonly more: boolean;
  readonly seen: boolean;
  readonly read: boolean;
}

/** The members of a group: a list through those of the day. */
export class MembersOfGroup {
  /** How many are shown. */
  private shownCount = 0;
  private first = NONE;
  private last = NONE;

  /** `number`: of the group, in its day. `areOnce`: an actor is a member once, at the place of the first row. */
  constructor(
    private readonly ofDay: MembersOfDay,
    private readonly number: number,
    private readonly areOnce: boolean,
  ) {}

  add(row: NotifiedRow): void {
    const { ofDay, last } = this;
    const member = ofDay.add(this.number, row);
    if (last === NONE) this.first = member;
    else ofDay.setOlder(last, member);
    this.last = member;
    const before = this.areOnce ? ofDay.replaceOfActor(member) : NONE;
    const wasShown = before !== NONE && ofDay.stateOf(before) === SHOWN;
    if (before !== NONE) ofDay.setState(before, MOVED);
    if (!wasShown && !row.isShown) return;
    ofDay.setState(member, SHOWN);
    if (!wasShown) this.shownCount++;
  }

  get isShown(): boolean {
    return this.shownCount > 0;
  }

  /** The number of the newest member: the lower, the newer. */
  get newest(): number {
    const { ofDay } = this;
    let member = this.first;
    while (ofDay.stateOf(member) === MOVED) member = ofDay.olderOf(member);
    return member;
  }

  /** The members, newest first. */
  forEach(visit: (handle: unknown, isShown: boolean) => void): void {
    const { ofDay } = this;
    for (let member = this.first; member !== NONE; member = ofDay.olderOf(member)) {
      const state = ofDay.stateOf(member);
      if (state !== MOVED) visit(ofDay.handles[member], state === SHOWN);
    }
  }

  /** What is shown of the group. At least one member must be. */
  shown(details: RowDetails, marks: { seen: Covering; read: Covering }): ShownMembers {
    const { ofDay } = this;
    const { handles, unseen, unread } = ofDay;
    const isMarked = (member: number, covering: Covering) =>
      covering.some((position) => position && details.isIn(handles[member], position));
    let [newest, visited, seen, read] = [NONE, 0, true, true];
    const names: number[] = [];
    for (let member = this.first; member !== NONE; member = ofDay.olderOf(member)) {
      if (ofDay.stateOf(member) !== SHOWN) continue;
      if (newest === NONE) newest = member;
      visited++;
      const actor = ofDay.actorOf(member);
      if (names.length < NOTIFICATION_NAMES_MAX && !names.includes(actor)) names.push(actor);
      seen &&= member >= unseen || isMarked(member, marks.seen);
      read &&= member >= unread || isMarked(member, marks.read);
      if (visited > NOTIFICATION_MEMBERS_MAX && !seen && !read) break;
      // Older members change nothing any more.
      if (names.length === NOTIFICATION_NAMES_MAX && (!seen || member >= unseen) && (!read || member >= unread)) break;
    }
    return {
      ...{ shown: details.positionOf(handles[newest]), commentId: details.commentIdOf(handles[newest]), seen, read },
      actorIds: names.map((actor) => details.userIdOf(actor)),
      count: Math.min(this.shownCount, NOTIFICATION_MEMBERS_MAX),
      more: this.shownCount > NOTIFICATION_MEMBERS_MAX,
    };
  }
}
