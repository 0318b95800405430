import {
  FEED_STATUSES,
  fromMilliseconds,
  type Milliseconds,
  type SummaryQuery,
  toMilliseconds,
  VERBS,
  verbCode,
} from '@activity-feed/contracts';
import type { Reply } from '@activity-feed/link';
import type { Pool } from 'pg';
import { BUCKET_LENGTH, bucketStart } from '../aggregates/aggregate-time';
import type { FilledDays } from '../aggregates/filled-days';
import type { TimeRange } from '../aggregates/time-range';
import type { AnswerCache } from '../keep-answers/answer-cache';
import type { OpenActorScope, ReadScope } from '../read-scope/read-scope';
import { inTurns } from '../timeline-index/queries/in-turns';
import type { DayCounts } from '../timeline-index/queries/summed-rows';
import type { View } from '../timeline-index/queries/view';
import type { RowsOf } from '../timeline-index/queries/walk-lists';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { readClosedSums } from './closed-sums';
import type { DaySum } from './day-sum';
import { dayName, summarize } from './summarize';

export interface ReadSummaryOptions {
  scope: ReadScope;
  pool: Pool;
  filled: FilledDays;
  cache: AnswerCache;
  now(): Milliseconds;
}

/** Counts recent activities of a user, or of the user's followees, by day and verb. */
export class ReadSummary {
  constructor(private readonly options: ReadSummaryOptions) {}

  async read(query: SummaryQuery): Promise<Reply> {
    const { feed, days } = query;
    const today = bucketStart('day', this.options.now());
    const scope = await this.options.scope.ofDays(query, query);
    const whole = { from: today - (days - 1) * BUCKET_LENGTH.day, to: today + BUCKET_LENGTH.day };
    const { sums, behind } = await this.sums(scope, whole);
    const summary = summarize(sums, today, days);
    const payload = Buffer.from(JSON.stringify({ [`${feed}_summary`]: summary }));
    return { status: behind ? FEED_STATUSES.behind : FEED_STATUSES.ok, payload };
  }

  private async sums(scope: OpenActorScope, { from, to }: TimeRange): Promise<{ sums: DaySum[]; behind: boolean }> {
    const { pool, cache } = this.options;
    const { index, numbers, view, ids, hidden, key, open, behind, takeBacks } = scope;
    const recent = index && (await sumsFromMemory(index, { actors: numbers, visibility: view, from: open }));
    if (!recent) {
      const isWritten = (await takeBacks.reach(fromMilliseconds(to))) !== undefined;
      return {
        sums: await readClosedSums(pool, { actors: await ids(), from, to, hidden: hidden() }),
        behind: behind || !isWritten,
      };
    }
    const undone = await takeBacks.reach(fromMilliseconds(open), async () =>
      fromMilliseconds(await this.firstInMemory(index, view, { from, to: open })),
    );
    const isKept = key !== undefined && undone !== undefined;
    const name = isKept ? `sums.${key}.${from}.${open}${undone}${await takeBacks.changes()}` : undefined;
    const older = await cache.keep(name, () => this.older(scope, { from, to: open }));
    return { sums: [...recent, ...older], behind: behind || undone === undefined };
  }

  /** Sums of closed days. */
  private async older(
    { index, numbers, view, ids, hidden }: OpenActorScope,
    { from, to }: TimeRange,
  ): Promise<DaySum[]> {
    if (to <= from) return [];
    const { pool } = this.options;
    const first = index ? await this.firstInMemory(index, view, { from, to }) : to;
    const inMemory = { actors: numbers, visibility: view, from: first, to };
    const fromMemory = index && first < to && (await sumsFromMemory(index, inMemory));
    if (!fromMemory) return readClosedSums(pool, { actors: await ids(), from, to, hidden: hidden() });
    if (first <= from) return fromMemory;
    return [...fromMemory, ...(await readClosedSums(pool, { actors: await ids(), from, to: first, hidden: hidden() }))];
  }

  /**
   * The first of the closed days that is read from memory; `to` if none is. Memory is read where it covers days that are
   * not materialised, and if accounts are closed: the database must then look at every activity of the actors.
   */
  private async firstInMemory(
    index: TimelineIndex,
    view: View | undefined,
    { from, to }: TimeRange,
  ): Promise<Milliseconds> {
    const first = Math.max(from, toMilliseconds(index.firstDay));
    if (first >= to) return to;
    return view?.judgesAccounts || !(await this.options.filled.cover(fromMilliseconds(to))) ? first : to;
  }
}

/** Undefined if memory does not cover the days. */
async function sumsFromMemory(
  index: TimelineIndex,
  { actors, visibility, ...range }: Pick<RowsOf, 'actors' | 'visibility'> & { from: Milliseconds; to?: Milliseconds },
): Promise<DaySum[] | undefined> {
  const from = fromMilliseconds(range.from);
  const to = range.to === undefined ? undefined : fromMilliseconds(range.to);
  const days = await inTurns(index.sums({ actors, visibility, from, to }));
  return index.covers(from) ? toSums(days) : undefined;
}

const toSums = (days: DayCounts): DaySum[] =>
  Array.from(days).flatMap(([start, counts]) =>
    VERBS.map((verb) => ({ day: dayName(toMilliseconds(start)), verb, count: counts[verbCode(verb)] as number })),
  );
