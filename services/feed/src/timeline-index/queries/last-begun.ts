import { type Microseconds, OBJECT_TYPES, VERBS } from '@activity-feed/contracts';
import { tableOfKinds } from '../../activity/activity-kinds';
import { type RowSource, scanRows } from './visit-rows';
import type { RowsOf } from './walk-lists';

const KINDS = VERBS.length * (OBJECT_TYPES.length + 1);
let place = 0;
/** A number below KINDS for each kind. */
const PLACES = tableOfKinds(() => place++, 0);

/** Of more actors, the times would take too much memory: some 200 bytes each. */
export const MOST_ACTORS = 10_000;

export interface LastBegun {
  /** The actors of these groups. */
  actors: Uint32Array;
  /** When the first of these groups began. */
  since: Microseconds;
}

/** A day, and groups that began up to `until`. */
export interface LastBegunOf extends RowsOf {
  until: Microseconds;
  limit: number;
}

/**
 * The `limit` groups of a day that began last, and others that began with the earliest of them; see RowGroup. By a scan,
 * for at most {@link MOST_ACTORS}.
 */
export function* lastBegun(
  source: RowSource,
  { until, limit, visibility, ...day }: LastBegunOf,
): Generator<undefined, LastBegun> {
  const { rows } = source;
  const { actors } = day;
  const numbers = new Map(Array.from(actors, (actor, number) => [actor, number]));
  const begins = new Float64Array(actors.length * KINDS).fill(Number.POSITIVE_INFINITY);
  yield* scanRows(source, day, (row, time) => {
    const at = (numbers.get(rows.actorOf(row)) as number) * KINDS + (PLACES[rows.kindOf(row)] as number);
    // Most rows are not the first of their group, and need not be judged.
    if (time < (begins[at] as number) && !visibility?.hides(row)) begins[at] = time;
  });
  const begun = begins.filter((begin) => begin <= until).sort();
  const since = begun.at(-limit) ?? Number.NEGATIVE_INFINITY;
  const found = new Set<number>();
  for (let at = 0; at < begins.length; at++) {
    const begin = begins[at] as number;
    if (begin >= since && begin <= until) found.add(actors[Math.floor(at / KINDS)] as number);
  }
  return { actors: Uint32Array.from(found), since: Math.max(since, day.from) as Microseconds };
}
