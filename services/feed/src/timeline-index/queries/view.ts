import { createHash } from 'node:crypto';
import { type Milliseconds, verbCode } from '@activity-feed/contracts';
import { VERB_MASK } from '../../activity/activity-kinds';
import type { Attention, HiddenIds } from '../../activity/hiding';
import type { ActivityRows, Row } from '../rows/activity-rows';
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
}

export interface ViewedIndex {
  readonly rows: ActivityRows;
  readonly users: UserTable;
}

/**
 * What one viewer may see. A row is hidden if its actor is, or an owner of what it is about: the row's target and, if it
 * is about a comment, the owner of what that hangs on.
 */
export class View implements Visibility {
  private readonly users: number;
  private readonly sharers: number;
  private hiddenIds: HiddenIds | undefined;

  /** `list` may change while it is used: see {@link HiddenList.copy}. */
  constructor(
    private readonly index: ViewedIndex,
    private readonly list: HiddenList,
    attention: Attention,
    private readonly now: Milliseconds,
  ) {
    const { users, sharers } = MASKS[attention];
    this.users = users;
    this.sharers = sharers;
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

  /** Whether everything that the user does, and that is about something of the user, is hidden. */
  hidesUser(user: number): boolean {
    return this.isHidden(user, this.users);
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
    const idsOf = (mask: number) => this.list.withAny(mask, this.now).map((user) => this.index.users.idOf(user));
    this.hiddenIds ??= { users: idsOf(this.users), sharers: this.sharers === 0 ? [] : idsOf(this.sharers) };
    return this.hiddenIds;
  }

  /** The same in all processes for equal views. Undefined if the view changes by itself, as a mute has an end. */
  get digest(): string | undefined {
    if (this.list.nextEnd(this.now) < Number.POSITIVE_INFINITY) return undefined;
    const { users, sharers } = this.ids;
    const sorted = [users, sharers].map((ids) => ids.toSorted((a, b) => a - b).join());
    return createHash('sha1').update(sorted.join('|')).digest('base64url');
  }

  private isHidden(user: number, mask: number): boolean {
    return this.list.bitsOf(user, mask, this.now) !== 0;
  }
}
