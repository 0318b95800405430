import type { EngagementQuery, GroupsQuery, StatsQuery, SummaryQuery, TrendingQuery } from './aggregate-queries';
import type { PageQuery } from './feed-queries';

interface FeedRead<Query> {
  /** Stands for the read on the link: never changed and never used for another read. */
  readonly operation: number;
  /** Only the type is used. */
  readonly query?: Query;
}

const read = <Query>(operation: number): FeedRead<Query> => ({ operation });

/**
 * Every read that the gateway asks of a feed over the link. The payload is the query as JSON; the answer is JSON as the
 * API shows it, with one of the {@link FEED_STATUSES}.
 */
export const FEED_READS = {
  page: read<PageQuery>(1),
  groups: read<GroupsQuery>(3),
  summary: read<SummaryQuery>(4),
  trending: read<TrendingQuery>(5),
  /** Answered with an Engagement, which is a part of what the API shows. */
  engagement: read<EngagementQuery>(6),
  stats: read<StatsQuery>(7),
} as const;

export type FeedReadName = keyof typeof FEED_READS;
export type FeedQuery<Name extends FeedReadName> = NonNullable<(typeof FEED_READS)[Name]['query']>;

/** The operation without a payload that is answered with a {@link HealthStatus}. */
export const PING_OPERATION = 2;
