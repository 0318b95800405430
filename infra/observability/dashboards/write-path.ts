import type { Dashboard } from './dashboard.ts';
import { mean, most, orNone, quantiles, rate } from './queries.ts';

const WRITERS = '{job=~"social-graph|activity"}';

export const writePath: Dashboard = {
  name: 'write-path',
  title: 'write path',
  description: 'From a command to an event in Kafka: social-graph, activity, PostgreSQL and the relays.',
  rows: [
    {
      title: 'Commands',
      panels: [
        {
          title: 'Commands by outcome',
          unit: 'cps',
          queries: [rate('command_duration_seconds_count', ['job', 'outcome'])],
          description:
            'recorded: an event was written. unchanged: it was already so. rejected: an error for the client. refused: too late or too many. failed: as the database did.',
        },
        {
          title: 'Recorded commands',
          unit: 'cps',
          stacked: true,
          queries: [rate('command_duration_seconds_count', ['command'], '{outcome="recorded"}')],
        },
        {
          title: 'Duration of commands',
          unit: 's',
          queries: quantiles('command_duration_seconds', '', ['job']),
          description: 'From the arrival of a command until its transaction is committed, with the time it waited.',
        },
        {
          title: 'Waiting commands',
          unit: 'short',
          queries: [['max by (job) (commands_waiting)', '{{job}}']],
          description: 'Near 0 unless more writes arrive than the service or its database can record.',
        },
        {
          title: 'Refused commands',
          unit: 'cps',
          queries: [rate('commands_refused_total', ['job', 'reason'], WRITERS)],
          description: 'expired: too late for the caller. queue-full: too many were waiting.',
        },
        {
          title: 'Commands in one transaction',
          unit: 'short',
          queries: [mean('command_batch_size', 'job', WRITERS)],
          description: 'On average. Grows under load, as waiting commands share the next transaction.',
        },
        {
          title: 'Repeated writes',
          unit: 'reqps',
          queries: [['sum(rate(gateway_idempotent_replays_total[$__rate_interval]))', 'repeats']],
          description: 'Answered as an earlier request with the same Idempotency-Key.',
        },
        {
          title: 'Calls of gateways',
          unit: 'reqps',
          queries: [
            ['topk(10, sum by (pattern) (rate(rpc_request_duration_seconds_count[$__rate_interval])))', '{{pattern}}'],
          ],
        },
        {
          title: 'Slowest calls',
          unit: 's',
          queries: [
            [
              'topk(10, histogram_quantile(0.99, sum by (le, pattern) (rate(rpc_request_duration_seconds_bucket[$__rate_interval]))))',
              '{{pattern}}',
            ],
          ],
          description: '99th percentile of each command and query.',
        },
      ],
    },
    {
      title: 'Relays',
      panels: [
        {
          width: 6,
          title: 'Age of the oldest event not sent',
          unit: 's',
          limit: 30,
          queries: [['max by (topic) (relay_lag_seconds)', '{{topic}}']],
        },
        {
          width: 6,
          title: 'Events not sent',
          unit: 'short',
          queries: [['max by (topic) (relay_lag_events)', '{{topic}}']],
          description: 'Up to 10,000 are counted.',
        },
        { title: 'Events sent', width: 6, unit: 'eps', queries: [rate('relay_batch_size_sum', ['topic'])] },
        { title: 'Events in one send', width: 6, unit: 'short', queries: [mean('relay_batch_size', 'topic')] },
      ],
    },
    {
      title: 'Kafka',
      panels: [
        {
          title: 'Duration of a send',
          unit: 's',
          queries: quantiles('kafka_request_duration_seconds', '{job=~"social-graph|activity",request="Produce"}', [
            'job',
          ]),
          description: "Of the broker's answers to Produce requests.",
        },
        {
          title: 'Requests without an answer',
          unit: 'reqps',
          queries: most(rate('kafka_request_timeouts_total', ['job', 'request'], WRITERS)),
        },
        {
          title: 'Errors in answers',
          unit: 'eps',
          queries: orNone(rate('kafka_response_errors_total', ['job', 'request', 'error'], WRITERS)),
        },
      ],
    },
    {
      title: 'PostgreSQL',
      panels: [
        {
          width: 12,
          title: 'Busy connections',
          unit: 'short',
          queries: [
            ['sum by (job, pool) (pg_pool_connections{job=~"social-graph|activity",state="busy"})', '{{job}} {{pool}}'],
          ],
        },
        {
          width: 12,
          title: 'Waiting for a connection',
          unit: 'short',
          queries: [[`sum by (job, pool) (pg_pool_waiting${WRITERS})`, '{{job}} {{pool}}']],
          description: 'Queries and transactions that wait for a free connection of a pool.',
        },
      ],
    },
  ],
};
