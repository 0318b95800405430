/** Views need no notes and no corrections. */
export const onlyWithContinuousAggregates = "current_setting('timescaledb.license') = 'timescale'";

/** Whether no bucket that meets a condition is noted. */
export const noneNoted = (table: 'noted_groups' | 'noted_objects', condition: string): string =>
  `NOT EXISTS (SELECT FROM ${table} WHERE ${onlyWithContinuousAggregates} AND ${condition})`;

/**
 * The noted buckets that meet a condition. The function is called once, and only if there are notes. OFFSET 0: the planner
 * knows nothing about its result and would otherwise underestimate the rows.
 */
export const notedBuckets = (table: 'noted_groups' | 'noted_objects', columns: string, condition: string): string => `
SELECT DISTINCT ${columns} FROM (SELECT * FROM ${table} WHERE ${condition} OFFSET 0) AS notes
WHERE ${table === 'noted_groups' ? 'day' : 'hour'} >= (SELECT notes_apply_from())`;
