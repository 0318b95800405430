import { APPEARANCE, type UserId } from '@activity-feed/contracts';
import type { Activity } from '../../services/feed/src/activity/activity';
import type { Hiding, HidingKind } from '../../services/feed/src/activity/effects';
import type { Attention } from '../../services/feed/src/activity/hiding';

/** Who hides whom: the rule of what a viewer may see, for models. */
export class Hidings {
  private readonly hidden = new Set<string>();

  add({ userId, otherId, kind, holds }: Pick<Hiding, 'userId' | 'otherId' | 'kind' | 'holds'>): void {
    if (holds) this.hidden.add(nameOf(userId, otherId, kind));
    else this.hidden.delete(nameOf(userId, otherId, kind));
  }

  /** How `user` appears to `viewer`: bits of APPEARANCE. */
  appearanceOf(user: UserId, viewer: UserId): number {
    const has = (from: UserId, to: UserId, kind: HidingKind) => this.hidden.has(nameOf(from, to, kind));
    const isHidden = has(viewer, user, 'block') || has(user, viewer, 'block');
    return (
      (isHidden ? APPEARANCE.hidden : 0) +
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
    if (this.hidden.size === 0) return () => true;
    const has = (user: UserId, other: UserId, kind: HidingKind) => this.hidden.has(nameOf(user, other, kind));
    const isHidden = (other: UserId) =>
      has(viewer, other, 'block') ||
      has(other, viewer, 'block') ||
      (attention === 'unasked' && has(viewer, other, 'mute'));
    return ({ actorId, targetId, rootOwnerId, verb }) => {
      const involved = [actorId, targetId, rootOwnerId].filter((user) => user !== null && user !== undefined);
      if (involved.some(isHidden)) return false;
      return attention === 'asked' || verb !== 'share' || !has(viewer, actorId, 'mute-shares');
    };
  }
}

const nameOf = (user: UserId, other: UserId, kind: HidingKind) => `${user} ${other} ${kind}`;
