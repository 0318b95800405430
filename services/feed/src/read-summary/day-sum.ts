import type { Verb } from '@activity-feed/contracts';

/** Several sums may have the same day and verb: they are added up. */
export interface DaySum {
  day: string;
  verb: Verb;
  count: number;
}
