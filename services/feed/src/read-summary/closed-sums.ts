import type { Verb } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import type { HiddenIds } from '../activity/hiding';
import { IS_KNOWN_VERB } from '../activity/known-kinds';
import { ALL_MOVED } from '../activity/moved-sql';
import { correctionsOf, noneCorrected } from '../aggregates/corrections-sql';
import { misplaced } from '../aggregates/misplaced-sql';
import { noneNoted, notedBuckets } from '../aggregates/notes-sql';
import { type ReadOfClosedBuckets, readThroughNotes } from '../aggregates/read-through-notes';
import type { TimeRange } from '../aggregates/time-range';
import { affectedBy } from '../hypertable/affected-sql';
import { argumentsOf, hiddenParameters, hiddenValues, sqlIsHidden, sqlIsNoHiddenShare } from '../hypertable/hidden-sql';
import type { IdArray } from '../hypertable/id-array';

const OF_ACTORS = 'actor_id = ANY ($1::int[]) AND day >= $2::timestamptz AND day < $3::timestamptz';

/**
 * Relies on the aggregate's index (actor_id, day) by an index-only scan: therefore a noted group is left out together with
 * those of other object types.
 */
const aggregated = (condition: string) => `
SELECT day, verb, sum(activities)::float8 AS count FROM actor_activity_daily
WHERE ${OF_ACTORS} AND ${IS_KNOWN_VERB} AND ${condition} GROUP BY 1, 2`;

const MISPLACED = misplaced("date_trunc('day', at, 'UTC') AS day, actor_id, verb, sign", {
  from: '$2::timestamptz',
  to: '$3::timestamptz',
});

const WITHOUT_NOTED = '((day, actor_id, verb) IN (SELECT * FROM noted)) IS NOT TRUE';
const NOTHING_RARE = `${noneCorrected(OF_ACTORS)} AND ${ALL_MOVED}`;

/** The aggregate, and noted groups from their activities. Both count `activities`. */
const withNoted = `
WITH noted AS MATERIALIZED (${notedBuckets('noted_groups', 'day, actor_id, verb', OF_ACTORS)})
${aggregated(WITHOUT_NOTED)}
UNION ALL
SELECT found.day, found.verb, activities::float8
FROM (
  SELECT array_agg(day) AS days, array_agg(actor_id) AS actor_ids, array_agg(verb) AS verbs FROM noted
) AS noted CROSS JOIN LATERAL sums_from_rows(days, actor_ids, verbs) AS found WHERE ${IS_KNOWN_VERB}`;

/** Also what is to be corrected, and what is to be moved. */
const whole = `${withNoted}
UNION ALL
${correctionsOf('day, verb, -count(*)::float8', `${OF_ACTORS} AND ${IS_KNOWN_VERB}`)} GROUP BY 1, 2
UNION ALL
SELECT day, verb, sum(sign)::float8 FROM (${MISPLACED}) AS misplaced
WHERE (actor_id IN (SELECT unnest($1::int[]))) IS TRUE AND ${IS_KNOWN_VERB} GROUP BY 1, 2`;

const HIDDEN = hiddenParameters(4);
const IS_SHOWN = `NOT ${sqlIsHidden('actor_id', HIDDEN)} AND ${sqlIsNoHiddenShare(HIDDEN)}`;
/** What the aggregate counts although it is about hidden users. */
const AFFECTED = affectedBy(HIDDEN, {
  actors: '$1::int[]',
  from: '$2::timestamptz',
  to: '$3::timestamptz',
});

/** The same for a viewer from whom users are hidden. `noted`: further groups that are as if noted. */
const visibleWith = (noted: string) => `
WITH noted AS MATERIALIZED (${notedBuckets('noted_groups', 'day, actor_id, verb', OF_ACTORS)}${noted})
${aggregated(`${WITHOUT_NOTED} AND ${IS_SHOWN}`)}
UNION ALL
SELECT day, verb, -sum(activities)::float8 FROM (${AFFECTED}) AS affected
WHERE ${IS_KNOWN_VERB} AND ${WITHOUT_NOTED} AND ${IS_SHOWN} GROUP BY 1, 2
UNION ALL
SELECT found.day, found.verb, activities::float8
FROM (
  SELECT array_agg(day) AS days, array_agg(actor_id) AS actor_ids, array_agg(verb) AS verbs FROM noted
) AS noted CROSS JOIN LATERAL sums_from_rows(days, actor_ids, verbs, ${argumentsOf(HIDDEN)}) AS found
WHERE ${IS_KNOWN_VERB}`;

const visible = visibleWith('');
const wholeVisible = `${visibleWith(` UNION SELECT day, actor_id, verb FROM (${MISPLACED}) AS misplaced WHERE ${OF_ACTORS}`)}
UNION ALL
${correctionsOf('day, verb, -count(*)::float8', `${OF_ACTORS} AND ${IS_KNOWN_VERB} AND ${IS_SHOWN}`)} GROUP BY 1, 2`;

/** to_char is applied to the sums only: for each row it would dominate. */
const named = (sums: string, condition = 'true') => `
SELECT to_char(day AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, verb, count FROM (${sums}) AS sums WHERE ${condition}`;

const SUMS: ReadOfClosedBuckets = {
  plain: named(aggregated(`${noneNoted('noted_groups', OF_ACTORS)} AND ${noneCorrected(OF_ACTORS)} AND ${ALL_MOVED}`)),
  noted: named(withNoted, NOTHING_RARE),
  whole: named(whole),
};

const VISIBLE_SUMS: ReadOfClosedBuckets = { plain: named(visible, NOTHING_RARE), noted: named(wholeVisible) };

/** Several rows may have the same day and verb. */
export interface DaySum {
  day: string;
  verb: Verb;
  count: number;
}

/** `from` and `to` are starts of days. */
export interface ClosedSumsRequest extends TimeRange {
  actors: IdArray;
  /** Undefined if nothing is hidden from the viewer. */
  hidden?: HiddenIds | undefined;
}

/** Takes noted groups from their rows, all others from the aggregate, corrected. */
export async function readClosedSums(pool: Pool, { actors, from, to, hidden }: ClosedSumsRequest): Promise<DaySum[]> {
  if (actors.length === 0 || to <= from) return [];
  const values = [actors.parameter, new Date(from), new Date(to)];
  if (!hidden) return readThroughNotes<DaySum>(pool, SUMS, values);
  return readThroughNotes<DaySum>(pool, VISIBLE_SUMS, [...values, ...hiddenValues(hidden)]);
}
