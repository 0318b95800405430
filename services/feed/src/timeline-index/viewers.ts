import { APPEARANCE, type Milliseconds, toMicroseconds, toMilliseconds, type UserId } from '@activity-feed/contracts';
import type { Hiding } from '../activity/effects';
import type { Attention } from '../activity/hiding';
import { View, type ViewedIndex } from './queries/view';
import {
  BLOCKED_BY,
  BLOCKS,
  type HiddenEdge,
  type HiddenList,
  HiddenUsers,
  MUTES,
  MUTES_SHARES,
} from './rows/hidden-users';

const BLOCKED = BLOCKS | BLOCKED_BY;
const ALL_BITS = BLOCKED | MUTES | MUTES_SHARES;

/** What each viewer may see. */
export class Viewers {
  private readonly hidden = new HiddenUsers();

  constructor(
    private readonly index: ViewedIndex,
    private readonly now: () => Milliseconds,
  ) {}

  /** For an answer of one turn, or a page. Undefined if nothing is hidden from `viewer`, as for most. */
  viewOf(viewer: UserId, attention: Attention): View | undefined {
    const list = this.listOf(viewer);
    return list && new View(this.index, list, attention, this.now());
  }

  /** For an answer that takes several turns or is kept: as of now. */
  fixedViewOf(viewer: UserId, attention: Attention): View | undefined {
    const list = this.listOf(viewer);
    return list && new View(this.index, list.copy(), attention, this.now());
  }

  /** How each of `users` appears to `viewer`: bits of APPEARANCE. */
  appearances(viewer: UserId, users: readonly UserId[]): number[] {
    const list = this.listOf(viewer);
    const now = this.now();
    return users.map((id) => {
      const other = list && this.index.users.find(id);
      return list && other !== undefined ? appearanceOf(list.bitsOf(other, ALL_BITS, now)) : 0;
    });
  }

  change(hiding: Hiding): void {
    this.hidden.set(this.toEdge(hiding), hiding.holds);
  }

  /** Sets whom `user`, a user number, hides. */
  restore(user: number, hidings: readonly Omit<Hiding, 'holds'>[]): void {
    this.hidden.replace(
      user,
      hidings.map((hiding) => this.toEdge(hiding)),
    );
  }

  private listOf(viewer: UserId): HiddenList | undefined {
    const user = this.index.users.find(viewer);
    return user === undefined ? undefined : this.hidden.of(user);
  }

  private toEdge({ userId, otherId, kind, until }: Omit<Hiding, 'holds'>): HiddenEdge {
    const { users } = this.index;
    const end = until === null ? undefined : toMilliseconds(toMicroseconds(until));
    return { user: users.number(userId), other: users.number(otherId), kind, until: end };
  }
}

const appearanceOf = (bits: number): number =>
  ((bits & BLOCKED) !== 0 ? APPEARANCE.hidden : 0) |
  ((bits & MUTES) !== 0 ? APPEARANCE.muted : 0) |
  ((bits & MUTES_SHARES) !== 0 ? APPEARANCE.sharesMuted : 0);
