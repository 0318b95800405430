import { APPEARANCE, type UserId } from '@activity-feed/contracts';
import type { Activity } from '../../services/feed/src/activity/activity';
import type { AccountChange, Hiding, HidingKind } from '../../services/feed/src/activity/effects';
import type { Attention } from '../../services/feed/src/activity/hiding';

/** The rule of what a viewer may see, for models: who hides whom, and whose accounts are private or suspended. */
export class Hidings {
  private readonly hidden = new Set<string>();
  private readonly accounts = new Map<UserId, AccountChange>();

  /** `follows`: whether a user follows another. */
  constructor(private readonly follows: (user: UserId, other: UserId) => boolean) {}

  changeAccount(change: AccountChange): void {
    this.accounts.set(change.userId, { ...this.accounts.get(change.userId), ...change });
  }

  add({ userId, otherId, kind, holds }: Pick<Hiding, 'userId' | 'otherId' | 'kind' | 'holds'>): void {
    if (holds) this.hidden.add(nameOf(userId, otherId, kind));
    else this.hidden.delete(nameOf(userId, otherId, kind));
  }

  /** How `user` appears to `viewer`: bits of APPEARANCE. */
  appearanceOf(user: UserId, viewer: UserId): number {
    const has = (from: UserId, to: UserId, kind: HidingKind) => this.hidden.has(nameOf(from, to, kind));
    const isDenied =
      has(viewer, user, 'block') || has(user, viewer, 'block') || this.accounts.get(user)?.suspended === true;
    const isPrivate = !isDenied && this.isClosed(user, viewer);
    return (
      (isDenied || isPrivate ? APPEARANCE.hidden : 0) +
      (isPrivate ? APPEARANCE.private : 0) +
      (has(viewer, user, 'mute') ? APPEARANCE.muted : 0) +
      (has(viewer, user, 'mute-shares') ? APPEARANCE.sharesMuted : 0)
    );
  }

  /** Whether nobody is hidden from `viewer` who owns what an activity is about. */
  ownersVisibleTo(viewer: UserId): (activity: Activity) => boolean {
    const isVisible = this.visibleTo(viewer, 'unasked');
    return (activity) => isVisible({ ...activity, actorId: viewer });
  }

  /** Whether `viewer` may see an activity. */
  visibleTo(viewer: UserId, attention: Attention): (activity: Activity) => boolean {
    if (this.hidden.size === 0 && this.accounts.size === 0) return () => true;
    const has = (user: UserId, other: UserId, kind: HidingKind) => this.hidden.has(nameOf(user, other, kind));
    const isHidden = (other: UserId) =>
      has(viewer, other, 'block') ||
      has(other, viewer, 'block') ||
      this.isClosed(other, viewer) ||
      (attention === 'unasked' && has(viewer, other, 'mute'));
    return ({ actorId, targetId, rootOwnerId, verb }) => {
      const involved = [actorId, targetId, rootOwnerId].filter((user) => user !== null && user !== undefined);
      if (involved.some(isHidden)) return false;
      return attention === 'asked' || verb !== 'share' || !has(viewer, actorId, 'mute-shares');
    };
  }

  /** Whether nothing that `user` does or has is shown to `viewer`, because of the account. */
  private isClosed(user: UserId, viewer: UserId): boolean {
    const { private: isPrivate, suspended } = this.accounts.get(user) ?? {};
    return suspended === true || (isPrivate === true && user !== viewer && !this.follows(viewer, user));
  }
}

const nameOf = (user: UserId, other: UserId, kind: HidingKind) => `${user} ${other} ${kind}`;
