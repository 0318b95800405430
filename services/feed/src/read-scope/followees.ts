import type { UserId } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import { sqlIsListed } from '../hypertable/hidden-sql';
import { IDS_PER_TURN, IdArray } from '../hypertable/id-array';
import { inTurns } from '../timeline-index/queries/in-turns';
import { sortInTurns } from '../timeline-index/queries/sort-in-turns';

/**
 * The current followees of user $1 who meet a condition, in rows of some thousand ids, four bytes each. pg would parse an
 * array in a single turn, and a row per followee a hundred times as slowly. Relies on the primary key of follows.
 */
const partsOf = (condition: string) => `
SELECT string_agg(int4send(followee_id), ''::bytea) AS part
FROM (SELECT followee_id, (row_number() OVER () - 1) / ${IDS_PER_TURN} AS part
      FROM follows WHERE follower_id = $1 AND following AND ${condition}) AS list
GROUP BY list.part`;

/** One statement, so that list and version are consistent. */
const WITH_VERSION = `
SELECT coalesce((SELECT version FROM applied_versions WHERE source = 'social-graph' AND stream = $1), 0)::float8 AS version,
       NULL::bytea AS part
UNION ALL SELECT NULL, part FROM (${partsOf('true')}) AS parts`;

const ID = 4;

const NOT_HIDDEN = partsOf(`NOT ${sqlIsListed('followee_id', { users: '$2::int[]' })}`);

/** Without those of `hidden`. */
export async function readFollowees(pool: Pool, follower: UserId, hidden: readonly number[] = []): Promise<IdArray> {
  const { rows } = await pool.query<{ part: Buffer }>(NOT_HIDDEN, [follower, hidden]);
  return inTurns(joined(rows.map(({ part }) => part)));
}

/** The followees of `follower`, with the version of the follower's stream that the list belongs to. */
export async function readFolloweesWithVersion(
  pool: Pool,
  follower: UserId,
): Promise<{ parts: Buffer[]; version: number }> {
  const { rows } = await pool.query<{ part: Buffer | null; version: number | null }>(WITH_VERSION, [follower]);
  const version = rows.find(({ part }) => part === null)?.version as number;
  return { parts: rows.flatMap(({ part }) => part ?? []), version };
}

/** The user numbers of the ids in `parts`, ascending. Pauses after each part. */
export function* numbersOf(
  parts: readonly Buffer[],
  numberOf: (id: number) => number,
): Generator<undefined, Uint32Array> {
  const numbers = new Uint32Array(lengthOf(parts));
  let count = 0;
  for (const part of parts) {
    if (count > 0) yield;
    for (let at = 0; at < part.length; at += ID) numbers[count++] = numberOf(part.readInt32BE(at));
  }
  return yield* sortInTurns(numbers);
}

function* joined(parts: readonly Buffer[]): Generator<undefined, IdArray> {
  const array = new IdArray(lengthOf(parts));
  let count = 0;
  for (const part of parts) {
    if (count > 0) yield;
    for (let at = 0; at < part.length; at += ID) array.set(count++, part.readInt32BE(at));
  }
  return array;
}

const lengthOf = (parts: readonly Buffer[]) => parts.reduce((sum, { length }) => sum + length, 0) / ID;
