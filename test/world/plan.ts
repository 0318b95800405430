import type { EventTime } from '@activity-feed/contracts';

/** All that a world follows from: the same plan, the same events. */
export interface WorldPlan {
  users: number;
  /** Posts, likes, shares, follows and unfollows of the days; the follows that users begin with come on top. */
  activities: number;
  days: number;
  seed: number;
  /** When the last day ends. */
  until: EventTime;
  /** The ids from which those of the world's users and objects go on. */
  firstIds: { user: number; post: number; photo: number };
}

export const DAY = 86_400_000_000;

/** Microseconds since 1970 at which the first day begins. */
export const startOf = (plan: WorldPlan): number => Date.parse(plan.until) * 1_000 - plan.days * DAY;
