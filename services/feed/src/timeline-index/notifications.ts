import { type Marks, type Microseconds, NO_MARKS, verbCode } from '@activity-feed/contracts';
import type { IndexedActivity } from '../activity/activity';
import { notificationOf, VERB_MASK } from '../activity/activity-kinds';
import { type Position, toPosition } from '../activity/positions';
import type { ActivityRows, Row } from './rows/activity-rows';
import type { ActorLists } from './rows/actor-list';
import { NO_USER } from './rows/new-row';
import { TargetLists } from './rows/target-lists';
import type { UserTable } from './rows/user-table';

const FOLLOW = verbCode('follow');

/** All of a user's rows before these times are seen, or read. Infinite if all rows are, minus infinity if unknown. */
export interface MarkedUntil {
  seen: Microseconds;
  read: Microseconds;
}

/** A search for the oldest rows that are not marked. */
export interface UnmarkedSearch {
  /** Rows before both times are known to be marked. */
  readonly until: MarkedUntil;
  /** Takes what was found, and returns it with what was added meanwhile. */
  end(found: MarkedUntil): MarkedUntil;
}

interface Known extends MarkedUntil {
  /** The user's marks by which it is so; undefined while it is searched. */
  readonly marks: Marks | undefined;
  /** The earliest time of the rows that were added since. */
  added: Microseconds;
}

export const NEVER = Number.POSITIVE_INFINITY as Microseconds;
export const UNKNOWN: MarkedUntil = {
  seen: Number.NEGATIVE_INFINITY as Microseconds,
  read: Number.NEGATIVE_INFINITY as Microseconds,
};

interface Index {
  readonly rows: ActivityRows;
  readonly users: UserTable;
  readonly lists: ActorLists;
}

/** What users are notified of, and what they have seen and read of it. */
export class Notifications {
  readonly targets: TargetLists;
  private readonly marks = new Map<number, Marks>();
  private readonly marked = new Map<number, Known>();
  private readonly searches = new Map<number, { marks: Marks; found: Promise<MarkedUntil> }>();
  /** The rows of requests that have not ended, by requester and target. */
  private readonly requests = new Map<number, Row>();

  /** Called with each user whose marks move. */
  onMarks: (user: number) => void = () => undefined;

  constructor(private readonly index: Index) {
    this.targets = new TargetLists(index.rows, index.users);
  }

  /** Lists a row for its target, if the target is notified of it. Nobody is notified of what they do themselves. */
  add(row: Row): void {
    const { rows } = this.index;
    const target = rows.targetOf(row);
    if (target === NO_USER || target === rows.actorOf(row) || notificationOf(rows.kindOf(row)) === undefined) return;
    this.targets.insert(target, row);
    if (notificationOf(rows.kindOf(row)) === 'request' && !rows.hasEnded(row)) {
      this.requests.set(pairOf(rows.actorOf(row), target), row);
    }
    const marked = this.marked.get(target);
    if (marked) this.noteAdded(marked, rows.timeOf(row));
  }

  /** Marks the newest follow of `target` by `actor` as one that does not hold any more. Returns its row, if it is in memory. */
  endFollow(actor: number, target: number): Row | undefined {
    const { rows, lists } = this.index;
    for (let row = lists.first(actor); row !== undefined; row = lists.next(row)) {
      if ((rows.kindOf(row) & VERB_MASK) !== FOLLOW || rows.targetOf(row) !== target) continue;
      rows.setEnded(row, true);
      return row;
    }
    return undefined;
  }

  /** Marks those of the actor's follows as ended that do not hold in the database any more. */
  restoreFollows(actor: number, stored: readonly IndexedActivity[]): void {
    const { rows, lists } = this.index;
    const ended = new Set(stored.flatMap((one) => (one.ended ? nameOf(toPosition(one)) : [])));
    for (let row = lists.first(actor); row !== undefined; row = lists.next(row)) {
      if ((rows.kindOf(row) & VERB_MASK) === FOLLOW) rows.setEnded(row, ended.has(nameOf(rows.positionOf(row))));
    }
  }

  /** Marks the request of `actor` to follow `target` as ended. Returns its row, if it is in memory. */
  endRequest(actor: number, target: number): Row | undefined {
    const { rows } = this.index;
    const name = pairOf(actor, target);
    const row = this.requests.get(name);
    this.requests.delete(name);
    if (row === undefined || !rows.has(row)) return undefined;
    rows.setEnded(row, true);
    return row;
  }

  marksOf(user: number): Marks {
    return this.marks.get(user) ?? NO_MARKS;
  }

  setMarks(user: number, marks: Marks): void {
    this.marks.set(user, marks);
    this.onMarks(user);
  }

  /** Until when everything is marked by the user's current marks. If it is not known, `search` finds it, once at a time. */
  markedUntil(user: number, search: () => Promise<MarkedUntil>): Promise<MarkedUntil> | MarkedUntil {
    const marks = this.marksOf(user);
    const known = this.marked.get(user);
    if (known?.marks === marks) return known;
    const running = this.searches.get(user);
    if (running?.marks === marks) return running.found;
    const found = search().finally(() => {
      if (this.searches.get(user)?.found === found) this.searches.delete(user);
    });
    this.searches.set(user, { marks, found });
    return found;
  }

  /** To be called before the rows are searched for the oldest ones that are not marked. */
  searchUnmarked(user: number): UnmarkedSearch {
    const { seen, read } = this.marked.get(user) ?? UNKNOWN;
    // The times so far hold until the end: marks never go back.
    const searching: Known = { seen, read, marks: undefined, added: NEVER };
    this.marked.set(user, searching);
    const marks = this.marksOf(user);
    return {
      until: { seen, read },
      end: (found) => {
        const { added } = searching;
        const known: Known = {
          seen: earlier(found.seen, added),
          read: earlier(found.read, added),
          marks,
          added: NEVER,
        };
        // Another search may have begun, for later marks.
        if (this.marked.get(user) === searching) this.marked.set(user, known);
        return known;
      },
    };
  }

  private noteAdded(known: Known, time: Microseconds): void {
    known.seen = earlier(known.seen, time);
    known.read = earlier(known.read, time);
    known.added = earlier(known.added, time);
  }
}

const earlier = (a: Microseconds, b: Microseconds): Microseconds => (a < b ? a : b);

/** Of user numbers, which are below 2^26. */
const pairOf = (actor: number, target: number): number => actor * 2 ** 26 + target;

const nameOf = ({ time, id }: Position) => `${time} ${id}`;
