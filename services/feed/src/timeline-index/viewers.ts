import { type Milliseconds, toMicroseconds, toMilliseconds, type UserId } from '@activity-feed/contracts';
import type { Hiding } from '../activity/effects';
import type { Attention } from '../activity/hiding';
import { View, type ViewedIndex } from './queries/view';
import { type HiddenEdge, HiddenUsers } from './rows/hidden-users';

/** What each viewer may see. */
export class Viewers {
  private readonly hidden = new HiddenUsers();

  constructor(
    private readonly index: ViewedIndex,
    private readonly now: () => Milliseconds,
  ) {}

  /** Undefined if nothing is hidden from `viewer`, as for most. */
  viewOf(viewer: UserId, attention: Attention): View | undefined {
    const user = this.index.users.find(viewer);
    const list = user === undefined ? undefined : this.hidden.of(user);
    return list && new View(this.index, list, attention, this.now());
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

  private toEdge({ userId, otherId, kind, until }: Omit<Hiding, 'holds'>): HiddenEdge {
    const { users } = this.index;
    const end = until === null ? undefined : toMilliseconds(toMicroseconds(until));
    return { user: users.number(userId), other: users.number(otherId), kind, until: end };
  }
}
