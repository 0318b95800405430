import { FEED_STATUSES, type SummaryQuery, VERBS } from '@activity-feed/contracts';
import type { Reply } from '@activity-feed/link';
import type { Pool } from 'pg';
import { BUCKET_LENGTH, bucketStart } from '../aggregates/aggregate-time';
import type { Stretch } from '../aggregates/stretch';
import type { AnswerCache } from '../keep-answers/answer-cache';
import type { OpenActorScope, ReadScope } from '../serve-reads/read-scope';
import type { DayCounts } from '../timeline-index/summed-rows';
import { type DaySum, readClosedSums } from './closed-sums';
import { dayName, summarize } from './summarize';

export interface ReadSummaryOptions {
  scope: ReadScope;
  pool: Pool;
  cache: AnswerCache;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Says how much somebody, or all whom somebody follows, did lately: by day and verb. */
export class ReadSummary {
  constructor(private readonly options: ReadSummaryOptions) {}

  async read({ feed, reader, days, atLeast }: SummaryQuery): Promise<Reply> {
    const today = bucketStart('day', this.options.now());
    const scope = await this.options.scope.ofDays(feed, reader, atLeast);
    const whole = { from: today - (days - 1) * BUCKET_LENGTH.day, to: today + BUCKET_LENGTH.day };
    const summary = summarize(await this.sums(scope, whole), today, days);
    const payload = Buffer.from(JSON.stringify({ [`${feed}_summary`]: summary }));
    return { status: scope.behind ? FEED_STATUSES.behind : FEED_STATUSES.ok, payload };
  }

  private async sums({ index, numbers, ids: actors, key, open }: OpenActorScope, { from, to }: Stretch) {
    const { pool, cache } = this.options;
    if (!index) return readClosedSums(pool, { actors, from, to });
    const recent = toSums(index.sums(numbers, open * 1_000));
    const name = key && `sums.${key}.${from}.${open}`;
    return [...recent, ...(await cache.keep(name, () => readClosedSums(pool, { actors, from, to: open })))];
  }
}

const toSums = (days: DayCounts): DaySum[] =>
  Array.from(days).flatMap(([start, counts]) =>
    VERBS.map((verb, index) => ({ day: dayName(start / 1_000), verb, count: counts[index] as number })),
  );
