import type { EventTime } from '@activity-feed/contracts';

/** Everything that determines a world: the same plan generates the same events. */
export interface WorldPlan {
  users: number;
  /** Posts, comments, likes, shares, follows and unfollows, in addition to the initial follows. */
  activities: number;
  days: number;
  seed: number;
  /** When the last day ends. */
  until: EventTime;
  /** The first id of users, posts, photos and comments. The ids of each kind are consecutive. */
  firstIds: { user: number; post: number; photo: number; comment: number };
}

/** A requested world. Its ids depend on the system that it is written to. */
export type WantedWorld = Omit<WorldPlan, 'firstIds'>;

export const DAY = 86_400_000_000;

/** Microseconds since 1970 at which the first day begins. */
export const startOf = (plan: WorldPlan): number => Date.parse(plan.until) * 1_000 - plan.days * DAY;
