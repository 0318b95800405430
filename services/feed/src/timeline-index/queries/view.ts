import { createHash } from 'node:crypto';
import { type Milliseconds, type UserId, verbCode } from '@activity-feed/contracts';
import { VERB_MASK } from '../../activity/activity-kinds';
import type { Attention, HiddenIds } from '../../activity/hiding';
import type { ActivityRows, Row } from '../rows/activity-rows';
import { type ClosedAccounts, SUSPENDED } from '../rows/closed-accounts';
import { hasUser } from '../rows/follow-lists';
import { BLOCKED_BY, BLOCKS, type HiddenList, MUTES, MUTES_SHARES } from '../rows/hidden-users';
import { NO_USER } from '../rows/new-row';
import type { UserTable } from '../rows/user-table';

const SHARE = verbCode('share');

const BLOCKED = BLOCKS | BLOCKED_BY;
/** How actors and owners are hidden, and those whose shares are. */
const MASKS: Record<Attention, { users: number; sharers: number }> = {
  asked: { users: BLOCKED, sharers: 0 },
  unasked: { users: BLOCKED | MUTES, sharers: MUTES_SHARES },
};

/** Which rows a viewer does not see. If there is none, the viewer sees everything. */
export interface Visibility {
  hides(row: Row): boolean;
  /** Whether everything that the user does, and that is about something of the user, is hidden. */
  hidesUser(user: number): boolean;
}

export interface ViewedIndex {
  readonly rows: ActivityRows;
  readonly users: UserTable;
}

/** Which accounts are closed to a viewer: all suspended ones, and private ones that the viewer does not follow. */
export interface ClosedTo {
  readonly accounts: ClosedAccounts;
  readonly viewer: UserId;
  /** User numbers, ascending. */
  readonly followees: Uint32Array;
  /** The version of the viewer's social-graph stream that they belong to. */
  readonly version: number;
}

/** From whom a viewer hides, or is hidden; undefined parts hide nobody. */
export interface Hiders {
  readonly list: HiddenList | undefined;
  readonly closed: ClosedTo | undefined;
}

/**
 * What one viewer may see. A row is hidden if its actor is, or an owner of what it is about: the row's target and, if it
 * is about a comment, the owner of what that hangs on.
 */
export class View implements Visibility {
  private readonly users: number;
  private readonly sharers: number;
  private readonly list: HiddenList | undefined;
  private readonly closed: ClosedTo | undefined;
  /** The viewer's number; -1 if the index does not know the viewer. */
  private readonly viewer: number;
  /** Of the closed accounts, as they are when the view is made. */
  private readonly accountsDigest: string;
  private hiddenIds: HiddenIds | undefined;

  /** The list may change while it is used: see {@link HiddenList.copy}. */
  constructor(
    private readonly index: ViewedIndex,
    { list, closed }: Hiders,
    attention: Attention,
    private readonly now: Milliseconds,
  ) {
    const { users, sharers } = MASKS[attention];
    this.users = users;
    this.sharers = sharers;
    this.list = list;
    this.closed = closed;
    this.viewer = (closed && index.users.find(closed.viewer)) ?? -1;
    this.accountsDigest = closed?.accounts.digest ?? '';
  }

  hides(row: Row): boolean {
    const { rows } = this.index;
    const isShare = (rows.kindOf(row) & VERB_MASK) === SHARE;
    if (this.isHidden(rows.actorOf(row), isShare ? this.users | this.sharers : this.users)) return true;
    const target = rows.targetOf(row);
    if (target !== NO_USER && this.hidesUser(target)) return true;
    const rootOwner = rows.rootOwnerOf(row);
    return rootOwner !== undefined && this.hidesUser(rootOwner);
  }

  /** Whether blocks and mutes alone hide the row. */
  hidesByList(row: Row): boolean {
    const { rows } = this.index;
    const isShare = (rows.kindOf(row) & VERB_MASK) === SHARE;
    if (this.isListed(rows.actorOf(row), isShare ? this.users | this.sharers : this.users)) return true;
    const owners = [rows.targetOf(row), rows.rootOwnerOf(row) ?? NO_USER];
    return owners.some((owner) => owner !== NO_USER && this.isListed(owner, this.users));
  }

  hidesUser(user: number): boolean {
    return this.isHidden(user, this.users);
  }

  /** The same by the user's id. */
  hidesId(id: number): boolean {
    const user = this.index.users.find(id);
    return user !== undefined && this.hidesUser(user);
  }

  /** Whether the accounts of owners are judged: some account is private or suspended. */
  get judgesAccounts(): boolean {
    return this.closed !== undefined;
  }

  /** Whether the user does not even exist for the viewer, as with a block; a private account does. */
  denies(user: number): boolean {
    return this.isListed(user, this.users) || ((this.closed?.accounts.bitsOf(user) ?? 0) & SUSPENDED) !== 0;
  }

  /** Those of `actors` who are not hidden. */
  shownOf(actors: Uint32Array): Uint32Array {
    // TypedArray.filter takes longer.
    const shown = new Uint32Array(actors.length);
    let count = 0;
    for (const actor of actors) if (!this.hidesUser(actor)) shown[count++] = actor;
    return shown.subarray(0, count);
  }

  /** The same for reads of the database. */
  get ids(): HiddenIds {
    this.hiddenIds ??= this.findIds();
    return this.hiddenIds;
  }

  /** The same in all processes for equal views. Undefined if the view changes by itself, as a mute has an end. */
  get digest(): string | undefined {
    const { list, closed, now } = this;
    if (list && list.nextEnd(now) < Number.POSITIVE_INFINITY) return undefined;
    // The database may have some accounts as they were.
    if (closed?.accounts.hasRecent) return undefined;
    const sorted = [this.listedIds(this.users), this.listedIds(this.sharers)].map((ids) => ids.sort((a, b) => a - b));
    const hash = createHash('sha1').update(sorted.map((ids) => ids.join()).join('|'));
    if (closed) hash.update(`|${this.accountsDigest}|${closed.viewer}|${closed.version}`);
    return hash.digest('base64url');
  }

  private findIds(): HiddenIds {
    const { closed } = this;
    const idsOf = (numbers: Iterable<number>) => Array.from(numbers, (user) => this.index.users.idOf(user));
    const recent = closed?.accounts.recent() ?? [];
    const [shut = [], open = []] = [true, false].map((is) => recent.filter((user) => this.isClosed(user) === is));
    return {
      users: [...this.listedIds(this.users), ...idsOf(shut)],
      sharers: this.listedIds(this.sharers),
      known: closed ? idsOf(closed.followees).concat(closed.viewer, idsOf(open)) : null,
    };
  }

  private listedIds(mask: number): number[] {
    return mask === 0 ? [] : (this.list?.withAny(mask, this.now) ?? []).map((user) => this.index.users.idOf(user));
  }

  private isHidden(user: number, mask: number): boolean {
    return this.isListed(user, mask) || this.isClosed(user);
  }

  private isListed(user: number, mask: number): boolean {
    return this.list !== undefined && this.list.bitsOf(user, mask, this.now) !== 0;
  }

  private isClosed(user: number): boolean {
    if (!this.closed) return false;
    const bits = this.closed.accounts.bitsOf(user);
    if (bits === 0) return false;
    return (bits & SUSPENDED) !== 0 || (user !== this.viewer && !hasUser(this.closed.followees, user));
  }
}
