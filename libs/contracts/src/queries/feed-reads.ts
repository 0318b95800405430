import { EVENT_SOURCES, SOURCES, type Source } from '../topics';
import type {
  EngagementQuery,
  EngagementsQuery,
  GroupsQuery,
  StatsQuery,
  SummaryQuery,
  TrendingQuery,
} from './aggregate-queries';
import type { NewerQuery, PageQuery } from './feed-queries';
import type { MarkQuery, NewerNotificationsQuery, NotificationsQuery, UnmarkedQuery } from './notification-queries';
import type { VisibilityQuery } from './visibility';

interface FeedRead<Query> {
  /** The read's number on the link: never change it or reuse it for another read. */
  readonly operation: number;
  /** The sources whose events it shows. */
  readonly shows: readonly Source[];
  /** For type inference; never set. */
  readonly query?: Query;
}

const read = <Query>(operation: number, shows: readonly Source[] = EVENT_SOURCES): FeedRead<Query> => ({
  operation,
  shows,
});

/**
 * Every read that the gateway sends to a feed reader over the link. The payload is the query as JSON; the answer is
 * JSON as the API shows it, with one of the {@link FEED_STATUSES}.
 */
export const FEED_READS = {
  page: read<PageQuery>(1),
  groups: read<GroupsQuery>(3),
  summary: read<SummaryQuery>(4),
  trending: read<TrendingQuery>(5),
  /** Answered with an `Engagement`, which the gateway merges into its own answer. */
  engagement: read<EngagementQuery>(6),
  stats: read<StatsQuery>(7),
  /** Answered with an array of `Engagement`, in the order of the query. */
  engagements: read<EngagementsQuery>(8),
  /** Answered with a number for each user, in the order of the query: the bits of {@link APPEARANCE}. */
  visibility: read<VisibilityQuery>(9, ['social-graph', 'social-graph-private']),
  notifications: read<NotificationsQuery>(10, SOURCES),
  /** Answered with `UnmarkedGroups`. */
  unmarked: read<UnmarkedQuery>(11, SOURCES),
  /** Answered with a `Mark`. */
  mark: read<MarkQuery>(12),
  /** Answered with a page, or POSITION_GONE. */
  newer: read<NewerQuery>(13),
  newerNotifications: read<NewerNotificationsQuery>(14, SOURCES),
} as const;

export type FeedReadName = keyof typeof FEED_READS;
export type FeedQuery<Name extends FeedReadName> = NonNullable<(typeof FEED_READS)[Name]['query']>;

/** Has no payload; answered with a {@link HealthStatus}. */
export const PING_OPERATION = 2;
