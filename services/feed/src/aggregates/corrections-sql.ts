import { onlyWithContinuousAggregates } from './notes-sql';

/*
 * A row of aggregate_corrections stands for an activity that continuous aggregates count although it was taken back: the
 * retention had dropped it before. Views do not count dropped activities.
 */

/** Whether no correction meets a condition. */
export const noneCorrected = (condition: string): string =>
  `NOT EXISTS (SELECT FROM aggregate_corrections WHERE ${onlyWithContinuousAggregates} AND ${condition})`;

/** What must be added to rows of an aggregate that meet a condition. */
export const correctionsOf = (columns: string, condition: string): string =>
  `SELECT ${columns} FROM aggregate_corrections WHERE ${onlyWithContinuousAggregates} AND ${condition}`;
