import type { Dashboard } from './dashboard.ts';
import { DATA_SOURCE } from './panels.ts';
import { most, orNone, quantiles, rate } from './queries.ts';

const CHOSEN = '{job=~"$service"}';
const ONE = '{{job}} {{instance}}';
const INSTANCE = ['job', 'instance'];

/** Names that Prometheus has for jobs, of which other systems may be scraped too. */
const SERVICE_VARIABLE = {
  name: 'service',
  label: 'Service',
  type: 'query',
  datasource: DATA_SOURCE,
  definition: 'label_values(up, job)',
  query: { query: 'label_values(up, job)', refId: 'service' },
  regex: '/^(gateway|social-graph|activity|feed)$/',
  refresh: 2,
  sort: 1,
  multi: true,
  includeAll: true,
  current: { text: ['All'], value: ['$__all'] },
};

export const services: Dashboard = {
  name: 'services',
  title: 'services',
  description: 'The processes of each service, and their connections to the servers.',
  variables: [SERVICE_VARIABLE],
  rows: [
    {
      title: 'Processes',
      panels: [
        {
          title: 'Processor',
          unit: 'percentunit',
          queries: [rate('process_cpu_seconds_total', INSTANCE, CHOSEN)],
          description: '100% is one core. JavaScript runs on one; garbage collection and the rest use others too.',
        },
        {
          title: 'Memory',
          unit: 'bytes',
          queries: [[`process_resident_memory_bytes${CHOSEN}`, ONE]],
          description: 'Resident memory of the process.',
        },
        { title: 'JavaScript heap', unit: 'bytes', queries: [[`nodejs_heap_size_used_bytes${CHOSEN}`, ONE]] },
        {
          title: 'Delay of the event loop',
          unit: 's',
          queries: [[`nodejs_eventloop_lag_p99_seconds${CHOSEN}`, ONE]],
          description: '99th percentile since the last scrape. Some 10 ms are the resolution of the measurement.',
        },
        {
          title: 'Garbage collection',
          unit: 'percentunit',
          queries: [rate('nodejs_gc_duration_seconds_sum', INSTANCE, CHOSEN)],
          description: 'Share of the time.',
        },
        {
          title: 'File descriptors',
          unit: 'percentunit',
          max: 1,
          limit: 0.8,
          queries: [[`process_open_fds${CHOSEN} / process_max_fds${CHOSEN}`, ONE]],
          description: 'Share of those that the process may open. Each connection needs one.',
        },
        {
          title: 'Age of the process',
          unit: 's',
          queries: [[`time() - process_start_time_seconds${CHOSEN}`, ONE]],
          description: 'Falls to 0 at each restart.',
        },
        { title: 'Ready', kind: 'states', unit: 'short', queries: [[`service_ready${CHOSEN}`, ONE]] },
        {
          title: 'What they depend on',
          kind: 'states',
          unit: 'short',
          queries: [[`dependency_up${CHOSEN}`, `${ONE}: {{dependency}}`]],
        },
      ],
    },
    {
      title: 'Databases',
      panels: [
        {
          width: 12,
          title: 'Busy connections',
          unit: 'short',
          queries: [['sum by (job, pool) (pg_pool_connections{job=~"$service",state="busy"})', '{{job}} {{pool}}']],
          description: 'The gateway has no database.',
        },
        {
          width: 12,
          title: 'Waiting for a connection',
          unit: 'short',
          queries: [[`sum by (job, pool) (pg_pool_waiting${CHOSEN})`, '{{job}} {{pool}}']],
        },
      ],
    },
    {
      title: 'Redis',
      panels: [
        { title: 'Connected', kind: 'states', width: 12, unit: 'short', queries: [[`redis_up${CHOSEN}`, ONE]] },
        {
          width: 12,
          title: 'Commands that failed',
          unit: 'cps',
          queries: [rate('redis_command_failures_total', INSTANCE, CHOSEN)],
        },
      ],
    },
    {
      title: 'Kafka',
      panels: [
        {
          width: 6,
          title: 'Requests',
          unit: 'reqps',
          queries: most(rate('kafka_request_duration_seconds_count', ['job', 'request'], CHOSEN)),
          description: 'The gateway has no connection to Kafka.',
        },
        {
          width: 6,
          title: 'Duration',
          unit: 's',
          queries: quantiles(
            'kafka_request_duration_seconds',
            '{job=~"$service",request!="Fetch"}',
            ['job', 'request'],
            [0.99],
          ).flatMap(most),
          description: '99th percentile. Without Fetch requests, which wait for something new.',
        },
        {
          width: 6,
          title: 'Requests without an answer',
          unit: 'reqps',
          queries: most(rate('kafka_request_timeouts_total', ['job', 'request'], CHOSEN)),
        },
        {
          width: 6,
          title: 'Errors in answers',
          unit: 'eps',
          queries: orNone(rate('kafka_response_errors_total', ['job', 'request', 'error'], CHOSEN)),
        },
      ],
    },
  ],
};
