import type { Milliseconds } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import { FilledDays } from '../aggregates/filled-days';
import type { AnswerCache } from '../keep-answers/answer-cache';
import { ReadEngagement } from '../read-engagement/read-engagement';
import { ClosedGroups } from '../read-groups/closed-groups';
import { ReadGroups } from '../read-groups/read-groups';
import type { ReadScope } from '../read-scope/read-scope';
import { ReadStats } from '../read-stats/read-stats';
import { ReadSummary } from '../read-summary/read-summary';
import { ClosedTrends } from '../read-trending/closed-trends';
import { ReadTrending } from '../read-trending/read-trending';
import type { Reads } from './read-server';

export interface AggregateReadsOptions {
  scope: ReadScope;
  pool: Pool;
  cache: AnswerCache;
  /** What the database has of the log. */
  position(): Promise<string>;
  now(): Milliseconds;
}

/** The aggregate reads: closed buckets from the database, open ones from memory. */
export function aggregateReads(
  options: AggregateReadsOptions,
): Pick<Reads, 'groups' | 'summary' | 'trending' | 'engagement' | 'engagements' | 'stats'> {
  const { pool } = options;
  const filled = new FilledDays(pool, 'actor_activity_daily');
  const groups = new ReadGroups({ ...options, filled, closed: new ClosedGroups(pool, filled) });
  const summary = new ReadSummary({ ...options, filled });
  const trending = new ReadTrending({ ...options, closed: new ClosedTrends(pool) });
  const engagement = new ReadEngagement(options);
  const stats = new ReadStats(options);
  return {
    groups: (query) => groups.page(query),
    summary: (query) => summary.read(query),
    trending: (query) => trending.read(query),
    engagement: (query) => engagement.ofOne(query),
    engagements: (query) => engagement.ofEach(query),
    stats: (query) => stats.read(query),
  };
}
