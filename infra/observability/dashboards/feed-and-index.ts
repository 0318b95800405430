import type { Dashboard } from './dashboard.ts';
import { most, orNone, quantiles, rate } from './queries.ts';

const FEED = '{job="feed"}';

export const feedAndIndex: Dashboard = {
  name: 'feed-and-index',
  title: 'feed and index',
  description: 'Readers, projectors, the timeline index in memory and the aggregates.',
  rows: [
    {
      title: 'Reads',
      panels: [
        { title: 'Reads', unit: 'reqps', stacked: true, queries: [rate('feed_read_duration_seconds_count', ['read'])] },
        {
          title: 'Slowest reads',
          unit: 's',
          queries: quantiles('feed_read_duration_seconds', '', ['read'], [0.99]),
          description: '99th percentile of each read, with its wait for a version.',
        },
        {
          title: 'Reads by status',
          unit: 'reqps',
          queries: [rate('feed_read_duration_seconds_count', ['status'])],
          description:
            'behind: a version that the page should show is missing. unverified: it is not known whether one is missing.',
        },
        {
          title: 'Reads that wait for a version',
          unit: 'short',
          limit: 256,
          queries: [['max by (instance) (feed_waiting_reads)', '{{instance}}']],
          description: 'A reader lets 256 wait at most.',
        },
        {
          title: 'Reads without their version',
          unit: 'reqps',
          queries: [rate('feed_reads_behind_total', ['reason'])],
          description: 'time: the wait timed out. standstill: no events arrive. limit: too many reads wait.',
        },
        {
          title: 'Open streams',
          unit: 'short',
          stacked: true,
          queries: [['sum by (list) (feed_open_streams)', '{{list}}']],
        },
      ],
    },
    {
      title: 'Timeline index',
      panels: [
        {
          title: 'Activities in memory',
          unit: 'short',
          queries: [['feed_index_rows', '{{instance}}']],
        },
        {
          title: 'Budget in use',
          unit: 'percentunit',
          max: 1,
          queries: [['feed_index_rows / feed_index_budget_rows', '{{instance}}']],
          description: 'Of FEED_INDEX_BUDGET. When it is used up, a reader drops the oldest activities for new ones.',
        },
        { title: 'Memory of these rows', unit: 'bytes', queries: [['feed_index_bytes', '{{instance}}']] },
        {
          title: 'Window',
          unit: 's',
          queries: [['feed_index_window_seconds', '{{instance}}']],
          description: 'Everything younger is in memory. Older pages come from the database.',
        },
        {
          title: 'Events not applied by readers',
          unit: 'short',
          queries: [['feed_index_behind_events', '{{instance}}']],
        },
        {
          title: 'Until an event is in memory',
          unit: 's',
          queries: quantiles('feed_freshness_seconds', '{by="reader"}', [], [0.5, 0.9, 0.99]),
          description: 'From its recording.',
        },
      ],
    },
    {
      title: 'Projector',
      panels: [
        { title: 'Events written', unit: 'eps', queries: [rate('feed_events_projected_total', ['instance'])] },
        {
          title: 'Age of the oldest event not written',
          unit: 's',
          limit: 60,
          queries: [['max by (topic) (feed_projector_lag_seconds)', '{{topic}}']],
          description: 'Of those that a projector has fetched. Does not grow while Kafka does not answer.',
        },
        {
          title: 'Events not written',
          unit: 'short',
          queries: [['sum by (topic) (feed_projector_lag_events)', '{{topic}}']],
        },
        {
          title: 'Until an event is in the database',
          unit: 's',
          queries: quantiles('feed_freshness_seconds', '{by="projector"}', [], [0.5, 0.9, 0.99]),
          description: 'From its recording.',
        },
        {
          title: 'Skipped and dead-lettered',
          unit: 'eps',
          queries: [
            ['sum(rate(feed_events_skipped_total[$__rate_interval]))', 'skipped'],
            ['sum(rate(feed_dead_letters_total[$__rate_interval]))', 'dead-lettered'],
          ],
          description: 'Skipped events have a type that this version of the feed does not know.',
        },
      ],
    },
    {
      title: 'Aggregates',
      panels: [
        {
          title: 'Late hours',
          unit: 'short',
          queries: [['max(feed_aggregates_pending_hours)', 'hours']],
          description: 'Closed hours with activities that the aggregates do not include yet.',
        },
        {
          title: 'Age of the oldest late activities',
          unit: 's',
          limit: 1800,
          queries: [['max(feed_aggregates_pending_seconds)', 'age']],
        },
        {
          title: 'Overdue',
          unit: 's',
          queries: [['max(feed_aggregates_unfilled_seconds)', 'time']],
          description: 'Closed time that should have been in the aggregates for ten minutes or more.',
        },
      ],
    },
    {
      title: 'Servers',
      panels: [
        {
          title: 'Waiting for a connection to TimescaleDB',
          unit: 'short',
          queries: [[`sum by (instance, pool) (pg_pool_waiting${FEED})`, '{{instance}} {{pool}}']],
        },
        {
          title: 'Requests to Kafka without an answer',
          unit: 'reqps',
          queries: most(rate('kafka_request_timeouts_total', ['instance', 'request'], FEED)),
        },
        {
          title: "Errors in Kafka's answers",
          unit: 'eps',
          queries: orNone(rate('kafka_response_errors_total', ['instance', 'request', 'error'], FEED)),
          description: 'REBALANCE_IN_PROGRESS is normal while instances start or stop.',
        },
      ],
    },
  ],
};
