import type { Verb } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import type { HiddenIds } from '../activity/hiding';
import { IS_KNOWN_VERB } from '../activity/known-kinds';
import { noneNoted } from '../aggregates/notes-sql';
import { ENTRY_BYTES, visitEntries } from '../aggregates/owner-entries';
import { type ReadOfClosedBuckets, readThroughNotes } from '../aggregates/read-through-notes';
import type { TimeRange } from '../aggregates/time-range';
import { affectedBy } from '../hypertable/affected-sql';
import {
  argumentsOf,
  hiddenParameters,
  hiddenValues,
  sqlIsHidden,
  sqlIsListed,
  sqlIsNoHiddenShare,
} from '../hypertable/hidden-sql';
import { IDS_PER_TURN, type IdArray } from '../hypertable/id-array';
import { inTurns } from '../timeline-index/queries/in-turns';
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

/*
 * Sums for a viewer from whom users are hidden. The aggregate also counts what visible actors did with something of hidden
 * owners, which is subtracted: the entries of the owners tell what. All of it is one statement, and so one snapshot: a
 * refresh between two statements could add an activity to the sums that is not among the entries.
 */

const HIDDEN = hiddenParameters(4);
const OF_DAYS = 'day >= $2::timestamptz AND day < $3::timestamptz';
/** Whether all activities of the day are kept: of others, what is hidden cannot be told apart in groups, nor here. */
const IS_KEPT = "day >= (SELECT coalesce(nullif(notes_apply_from(), 'infinity'), '-infinity'))";

/** OFFSET 0: the planner would estimate by a condition whose time it does not know, and take another index. */
const ABOUT_OWNERS = `
SELECT day, entries FROM (
  SELECT day, entries FROM owner_activity_daily WHERE owner_id = ANY (${HIDDEN.users}) AND ${OF_DAYS}
  UNION ALL
  SELECT day, entries FROM owner_activity_daily
  WHERE root_owner_id = ANY (${HIDDEN.users}) AND NOT ${sqlIsListed('owner_id', HIDDEN)} AND ${OF_DAYS}
  OFFSET 0
) AS of_days WHERE ${IS_KEPT}`;

/** pg decodes an answer in one turn: more would keep the reader from answering others. */
const MAX_BYTES = 2 * 1_024 ** 2;

/** No corrections, nothing to move, no closed accounts, and not too many entries. */
const onlyEntries = (maxBytes: number) => `
${NOTHING_RARE} AND ${HIDDEN.known} IS NULL AND NOT EXISTS (SELECT FROM closed_accounts)
AND (SELECT coalesce(sum(octet_length(entries)), 0) FROM about_owners) <= ${maxBytes}`;

const IS_NO_HIDDEN_SHARE = sqlIsNoHiddenShare(HIDDEN);

const rowsOf = (sums: string, further: string, condition: string) => `
SELECT ${sqlDayName('day')} AS day, verb, count, entries, actor_id AS "actorId" FROM (
  SELECT day, verb, count, NULL::bytea AS entries, NULL::int AS actor_id FROM (${sums}) AS sums
  UNION ALL
  SELECT day, NULL, NULL, string_agg(entries, ''::bytea), NULL FROM about_owners GROUP BY day
  ${further}) AS found WHERE ${condition}`;

/** Nothing is noted. */
const plain = (maxBytes: number) => `
WITH about_owners AS MATERIALIZED (${ABOUT_OWNERS})
${rowsOf(aggregated(IS_NO_HIDDEN_SHARE), '', `${noneNoted('noted_groups', OF_ACTORS)} AND ${onlyEntries(maxBytes)}`)}`;

/** Noted groups come from rows, and nothing is subtracted from them. */
const withNoted = (maxBytes: number) => `
WITH noted AS MATERIALIZED (${NOTED}), about_owners AS MATERIALIZED (${ABOUT_OWNERS})
${rowsOf(
  `${aggregated(`${WITHOUT_NOTED} AND ${IS_NO_HIDDEN_SHARE}`)} UNION ALL ${sumsOfNoted(`, ${argumentsOf(HIDDEN)}`)}`,
  'UNION ALL SELECT day, verb, NULL, NULL, actor_id FROM noted',
  onlyEntries(maxBytes),
)}`;

const IS_VISIBLE = `NOT ${sqlIsHidden('actor_id', HIDDEN)} AND ${IS_NO_HIDDEN_SHARE}`;
/** What the aggregate counts although it is hidden. */
const AFFECTED = affectedBy(HIDDEN, { actors: '$1::int[]', from: '$2::timestamptz', to: '$3::timestamptz' });

/** Subtracts what it finds among the activities. Groups with misplaced activities are as if noted. */
const WHOLE = `
WITH noted AS MATERIALIZED (${NOTED} UNION SELECT day, actor_id, verb FROM (${MISPLACED}) AS misplaced WHERE ${OF_ACTORS})
SELECT ${sqlDayName('day')} AS day, verb, count, NULL AS entries, NULL AS "actorId" FROM (
  ${aggregated(`${WITHOUT_NOTED} AND ${IS_VISIBLE}`)}
  UNION ALL
  SELECT day, verb, -sum(activities)::float8 FROM (${AFFECTED}) AS affected
  WHERE ${IS_KNOWN_VERB} AND ${WITHOUT_NOTED} AND ${IS_VISIBLE} GROUP BY 1, 2
  UNION ALL ${sumsOfNoted(`, ${argumentsOf(HIDDEN)}`)}
  UNION ALL ${correctedSums(IS_VISIBLE)}) AS sums`;

/** Reads at most `maxBytes` of entries. */
export const sumsWithin = (maxBytes: number): ReadOfClosedBuckets => ({
  plain: plain(maxBytes),
  noted: withNoted(maxBytes),
  whole: WHOLE,
});
const SUMS = sumsWithin(MAX_BYTES);

/** A sum, or the entries of a day, or a noted group. */
type Row = { day: string } & (
  | { verb: Verb; count: number; entries: null; actorId: null }
  | { verb: null; count: null; entries: Buffer; actorId: null }
  | { verb: Verb; count: null; entries: null; actorId: number }
);

export interface VisibleSumsRequest extends TimeRange {
  /** Without hidden followees. */
  actors: IdArray;
  hidden: HiddenIds;
}

export async function readVisibleSums(
  pool: Pool,
  { actors, from, to, hidden }: VisibleSumsRequest,
  sums = SUMS,
): Promise<DaySum[]> {
  const values = [actors.parameter, new Date(from), new Date(to), ...hiddenValues(hidden)];
  // Only the whole statement judges closed accounts.
  const rows = hidden.known
    ? (await pool.query<Row>(WHOLE, values)).rows
    : await readThroughNotes<Row>(pool, sums, values);
  return inTurns(sumsOf(rows, actors, hidden.sharers));
}

/** The entries that are visited before a pause. */
const BYTES_PER_TURN = 50_000 * ENTRY_BYTES;

/** The sums and, negative, what is to be subtracted from them. Pauses. */
function* sumsOf(rows: readonly Row[], actors: IdArray, sharers: readonly number[]): Generator<undefined, DaySum[]> {
  const sums: DaySum[] = rows.flatMap(({ day, verb, count }) => (count === null ? [] : { day, verb, count }));
  if (rows.every(({ entries }) => entries === null)) return sums;
  const shown = yield* setOf(actors);
  const noSharers = new Set(sharers);
  const noted = new Set(rows.flatMap((row) => (row.actorId === null ? [] : groupName(row.day, row.verb, row.actorId))));
  let visited = 0;
  for (const { day, entries } of rows) {
    if (entries === null) continue;
    const counts = new Map<Verb, number>();
    const subtract = (actor: number, verb: Verb) => {
      if (verb === 'share' && noSharers.has(actor)) return;
      if (noted.size > 0 && noted.has(groupName(day, verb, actor))) return;
      counts.set(verb, (counts.get(verb) ?? 0) + 1);
    };
    for (let at = 0; at < entries.length; at += BYTES_PER_TURN) {
      const part = entries.subarray(at, at + BYTES_PER_TURN);
      visitEntries(part, shown, subtract);
      visited += part.length;
      if (visited < BYTES_PER_TURN) continue;
      visited = 0;
      yield;
    }
    for (const [verb, count] of counts) sums.push({ day, verb, count: -count });
  }
  return sums;
}

const groupName = (day: string, verb: Verb, actor: number) => `${day} ${verb} ${actor}`;

function* setOf(ids: IdArray): Generator<undefined, Set<number>> {
  const found = new Set<number>();
  for (let index = 0; index < ids.length; index++) {
    if (index > 0 && index % IDS_PER_TURN === 0) yield;
    found.add(ids.get(index));
  }
  return found;
}
