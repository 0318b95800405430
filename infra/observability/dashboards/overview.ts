import type { Dashboard } from './dashboard.ts';
import { orZero, quantiles, rate } from './queries.ts';

const REQUESTS = 'http_request_duration_seconds_count';
const errors = `(sum(rate(${REQUESTS}{status=~"5.."}[$__rate_interval])) or vector(0))`;

export const overview: Dashboard = {
  name: 'overview',
  title: 'overview',
  description: 'Whether the system works for its users, and which part does not.',
  rows: [
    {
      title: 'Now',
      panels: [
        {
          title: 'Alerts',
          kind: 'now',
          unit: 'short',
          limit: 1,
          queries: [['count(ALERTS{alertstate="firing"}) or vector(0)', 'firing']],
          description: 'Alerts that fire. Each has an entry in docs/runbook.md.',
        },
        {
          title: 'Instances that are not ready',
          kind: 'now',
          unit: 'short',
          limit: 1,
          queries: [
            ['count(up{job=~"gateway|social-graph|activity|feed"}) - (sum(service_ready) or vector(0))', 'not ready'],
          ],
        },
        {
          title: 'Requests',
          kind: 'now',
          unit: 'reqps',
          queries: [[`sum(rate(${REQUESTS}[$__rate_interval]))`, 'requests']],
        },
        {
          title: 'Requests that fail',
          kind: 'now',
          unit: 'percentunit',
          limit: 0.001,
          queries: [[`${errors} / (sum(rate(${REQUESTS}[$__rate_interval])) > 0) or vector(0)`, 'failed']],
          description: 'Share of the answers with a 5xx status. The budget is one in a thousand.',
        },
        {
          title: 'Slowest hundredth',
          kind: 'now',
          unit: 's',
          limit: 1,
          queries: orZero(quantiles('http_request_duration_seconds', '', [], [0.99])),
          description: '99th percentile of the durations of all answers.',
        },
        { title: 'Open streams', kind: 'now', unit: 'short', queries: [['sum(open_streams)', 'streams']] },
      ],
    },
    {
      title: 'Requests',
      panels: [
        { title: 'Requests by status', unit: 'reqps', stacked: true, queries: [rate(REQUESTS, ['status'])] },
        {
          title: 'Duration',
          unit: 's',
          queries: quantiles('http_request_duration_seconds', '', [], [0.5, 0.9, 0.99]),
          description: 'From the arrival of a request until its answer is sent. Without streams.',
        },
        {
          title: 'Budget of errors',
          unit: 'percentunit',
          limit: 0.001,
          queries: [
            ['max(gateway:request_errors:ratio_rate1h) or vector(0)', 'last hour'],
            ['max(gateway:request_errors:ratio_rate6h) or vector(0)', 'last six hours'],
          ],
          description: 'Share of failed requests, as the alerts judge it.',
        },
        {
          title: 'Busiest routes',
          unit: 'reqps',
          queries: [[`topk(8, sum by (method, route) (rate(${REQUESTS}[$__rate_interval])))`, '{{method}} {{route}}']],
        },
        {
          title: 'Slowest routes',
          unit: 's',
          queries: [
            [
              'topk(8, histogram_quantile(0.99, sum by (le, method, route) (rate(http_request_duration_seconds_bucket[$__rate_interval]))))',
              '{{method}} {{route}}',
            ],
          ],
          description: '99th percentile of each route.',
        },
        {
          title: 'Failed or aborted requests',
          unit: 'reqps',
          queries: [
            ['sum(rate(http_requests_aborted_total[$__rate_interval])) or vector(0)', 'client disconnected'],
            [errors, 'failed (5xx)'],
          ],
          description: 'Requests whose client disconnected first are in no other panel.',
        },
        {
          title: 'Refused by rate limits',
          unit: 'reqps',
          queries: [rate('gateway_rate_limited_requests_total', ['class'])],
          description: 'failed-keys: requests of addresses that send many wrong keys.',
        },
      ],
    },
    {
      title: 'From a write to every feed',
      panels: [
        {
          title: 'Writes',
          unit: 'cps',
          queries: [
            ['sum by (job) (rate(command_duration_seconds_count{outcome="recorded"}[$__rate_interval]))', '{{job}}'],
          ],
          description: 'Commands that recorded an event.',
        },
        {
          title: 'Waiting for Kafka',
          unit: 's',
          limit: 30,
          queries: [['max by (topic) (relay_lag_seconds)', '{{topic}}']],
          description: 'Age of the oldest event that a relay has not sent.',
        },
        {
          title: 'Until an event is applied',
          unit: 's',
          queries: quantiles('feed_freshness_seconds', '', ['by']),
          description:
            'From the recording of an event: by the readers it is in feeds, by the projectors in the database.',
        },
      ],
    },
    {
      title: 'Services and servers',
      panels: [
        {
          title: 'Services',
          kind: 'states',
          unit: 'short',
          width: 12,
          queries: [['service_ready', '{{job}} {{instance}}']],
          description: 'Whether the readiness check answers 200.',
        },
        {
          title: 'What they depend on',
          kind: 'states',
          unit: 'short',
          width: 12,
          queries: [['min by (job, dependency) (dependency_up)', '{{job}}: {{dependency}}']],
          description: 'As the readiness checks report it. Down if it is down for one instance.',
        },
      ],
    },
  ],
};
