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
  /** The first of the ids that the world's users and objects have, each kind in a row. */
  firstIds: { user: number; post: number; photo: number };
}

/** What is asked for; the ids follow from the system that the world is written into. */
export type WantedWorld = Omit<WorldPlan, 'firstIds'>;

export const DAY = 86_400_000_000;

/** Microseconds since 1970 at which the first day begins. */
export const startOf = (plan: WorldPlan): number => Date.parse(plan.until) * 1_000 - plan.days * DAY;
