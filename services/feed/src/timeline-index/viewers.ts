import {
  APPEARANCE,
  type Milliseconds,
  type Source,
  toMicroseconds,
  toMilliseconds,
  type UserId,
} from '@activity-feed/contracts';
import type { AccountChange, Hiding } from '../activity/effects';
import type { Attention } from '../activity/hiding';
import { type ClosedTo, View, type ViewedIndex } from './queries/view';
import { ClosedAccounts, PRIVATE, SUSPENDED } from './rows/closed-accounts';
import type { FollowLists } from './rows/follow-lists';
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

const NOBODY = new Uint32Array();

interface Index extends ViewedIndex {
  readonly follows: FollowLists;
  versionOf(source: Source, stream: number): number;
}

/** What each viewer may see. */
export class Viewers {
  private readonly hidden = new HiddenUsers();
  readonly accounts = new ClosedAccounts();

  constructor(
    private readonly index: Index,
    private readonly now: () => Milliseconds,
  ) {}

  /**
   * Whether it must be looked up whom `viewer` follows, before a view of the viewer is made: some accounts are private, and
   * visible to their followers. With `users`, the view is used for them alone.
   */
  needFollowees(viewer: UserId, users?: readonly UserId[]): boolean {
    const { accounts } = this;
    if (!accounts.hasAny || (users && !users.some((user) => this.isPrivateToOthers(user, viewer)))) return false;
    return this.followeesOf(viewer) === undefined;
  }

  /**
   * For an answer of one turn, or a page. Undefined if nothing is hidden from `viewer`, as for most. `followees` are those
   * that were looked up, if they had to be.
   */
  viewOf(viewer: UserId, attention: Attention, followees?: Uint32Array): View | undefined {
    const list = this.listOf(viewer);
    const closed = this.closedTo(viewer, followees);
    return list || closed ? new View(this.index, { list, closed }, attention, this.now()) : undefined;
  }

  /** For an answer that takes several turns or is kept: as of now, but for accounts that become private or public. */
  fixedViewOf(viewer: UserId, attention: Attention, followees?: Uint32Array): View | undefined {
    const list = this.listOf(viewer)?.copy();
    const closed = this.closedTo(viewer, followees);
    return list || closed ? new View(this.index, { list, closed }, attention, this.now()) : undefined;
  }

  /** How each of `users` appears to `viewer`: bits of APPEARANCE. */
  appearances(viewer: UserId, users: readonly UserId[], followees?: Uint32Array): number[] {
    const view = this.viewOf(viewer, 'asked', followees);
    if (!view) return users.map(() => 0);
    const list = this.listOf(viewer);
    const now = this.now();
    return users.map((id) => {
      const other = this.index.users.find(id);
      if (other === undefined) return 0;
      const mutes = list ? appearanceOf(list.bitsOf(other, ALL_BITS, now)) : 0;
      if (!view.hidesUser(other)) return mutes;
      return mutes | APPEARANCE.hidden | (view.denies(other) ? 0 : APPEARANCE.private);
    });
  }

  /** Whether nobody sees anything of `user`, a user number. */
  isSuspended(user: number): boolean {
    return (this.accounts.bitsOf(user) & SUSPENDED) !== 0;
  }

  /** Milliseconds until a mute of `user`, a user number, ends by itself; infinity if none does. */
  untilMuteEnds(user: number): number {
    const now = this.now();
    return (this.hidden.of(user)?.nextEnd(now) ?? Number.POSITIVE_INFINITY) - now;
  }

  /** Whether a mute of `user`, a user number, has ended by itself in the last `milliseconds`, as far as that is known. */
  hasMuteEnded(user: number, milliseconds: number): boolean {
    const now = this.now();
    return this.hidden.of(user)?.hasEnded((now - milliseconds) as Milliseconds, now) ?? false;
  }

  /** Changes to whom the account of `user`, a user number, is open. */
  changeAccount(user: number, change: Pick<AccountChange, 'private' | 'suspended'>): void {
    const id = this.index.users.idOf(user);
    if (change.private !== undefined) this.accounts.change(user, id, PRIVATE, change.private);
    if (change.suspended !== undefined) this.accounts.change(user, id, SUSPENDED, change.suspended);
  }

  /** The same for what the database has. */
  loadAccount(user: number, account: Required<Pick<AccountChange, 'private' | 'suspended'>>): void {
    const id = this.index.users.idOf(user);
    this.accounts.load(user, id, PRIVATE, account.private);
    this.accounts.load(user, id, SUSPENDED, account.suspended);
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

  private isPrivateToOthers(id: UserId, viewer: UserId): boolean {
    const user = id === viewer ? undefined : this.index.users.find(id);
    return user !== undefined && (this.accounts.bitsOf(user) & PRIVATE) !== 0;
  }

  private closedTo(viewer: UserId, followees = this.followeesOf(viewer)): ClosedTo | undefined {
    const { accounts } = this;
    if (!accounts.hasAny) return undefined;
    // Missing only if the first account was closed, or the list evicted, after needFollowees. Private ones then are all closed.
    const version = this.index.versionOf('social-graph', viewer);
    return { accounts, viewer, followees: followees ?? NOBODY, version };
  }

  /** Undefined if they must be looked up. */
  private followeesOf(viewer: UserId): Uint32Array | undefined {
    const user = this.index.users.find(viewer);
    // The viewer has no events and no followees.
    return user === undefined ? NOBODY : this.index.follows.get(user);
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
