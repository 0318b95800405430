import type { Pool } from 'pg';
import type { HiddenIds } from '../activity/hiding';
import { IS_KNOWN_VERB } from '../activity/known-kinds';
import { noneNoted } from '../aggregates/notes-sql';
import { type ReadOfClosedBuckets, readThroughNotes } from '../aggregates/read-through-notes';
import type { TimeRange } from '../aggregates/time-range';
import type { IdArray } from '../hypertable/id-array';
import type { DaySum } from './day-sum';
import {
  aggregated,
  correctedSums,
  MISPLACED,
  NOTED,
  NOTHING_RARE,
  OF_ACTORS,
  sqlDayName,
  sumsOfNoted,
  WITHOUT_NOTED,
} from './sums-sql';
import { readVisibleSums } from './visible-sums';

/** The aggregate, and noted groups from their activities. Both count `activities`. */
const WITH_NOTED = `
WITH noted AS MATERIALIZED (${NOTED})
${aggregated(WITHOUT_NOTED)} UNION ALL ${sumsOfNoted()}`;

/** Also what is to be corrected, and what is to be moved. */
const WHOLE = `${WITH_NOTED} UNION ALL ${correctedSums()}
UNION ALL
SELECT day, verb, sum(sign)::float8 FROM (${MISPLACED}) AS misplaced
WHERE (actor_id IN (SELECT unnest($1::int[]))) IS TRUE AND ${IS_KNOWN_VERB} GROUP BY 1, 2`;

const named = (sums: string, condition = 'true') => `
SELECT ${sqlDayName('day')} AS day, verb, count FROM (${sums}) AS sums WHERE ${condition}`;

const SUMS: ReadOfClosedBuckets = {
  plain: named(aggregated(`${noneNoted('noted_groups', OF_ACTORS)} AND ${NOTHING_RARE}`)),
  noted: named(WITH_NOTED, NOTHING_RARE),
  whole: named(WHOLE),
};

/** `from` and `to` are starts of days. */
export interface ClosedSumsRequest extends TimeRange {
  actors: IdArray;
  /** Undefined if nothing is hidden from the viewer. */
  hidden?: HiddenIds | undefined;
}

/** Takes noted groups from their rows, all others from the aggregate, corrected. */
export async function readClosedSums(pool: Pool, request: ClosedSumsRequest): Promise<DaySum[]> {
  const { actors, from, to, hidden } = request;
  if (actors.length === 0 || to <= from) return [];
  if (hidden) return readVisibleSums(pool, { actors, from, to, hidden });
  return readThroughNotes<DaySum>(pool, SUMS, [actors.parameter, new Date(from), new Date(to)]);
}
