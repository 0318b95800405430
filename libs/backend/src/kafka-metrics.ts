import type { KafkaObserver } from '@activity-feed/eventing';
import { Counter, Histogram } from 'prom-client';

const durations = new Histogram({
  name: 'kafka_request_duration_seconds',
  help: 'Requests that the broker has answered; it answers a Fetch when there is something new, or after a while',
  labelNames: ['request'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
});

const timeouts = new Counter({
  name: 'kafka_request_timeouts_total',
  help: 'Requests that the broker did not answer in time',
  labelNames: ['request'],
});

const errors = new Counter({
  name: 'kafka_response_errors_total',
  help: "Errors in the broker's answers, by the names of the protocol",
  labelNames: ['request', 'error'],
});

export const observeKafka: KafkaObserver = {
  answered(request, after) {
    durations.observe({ request }, after / 1_000);
    // Show that there were none.
    timeouts.inc({ request }, 0);
    errors.inc({ request, error: 'other' }, 0);
  },
  timedOut: (request) => timeouts.inc({ request }),
  failed: (request, error) => errors.inc({ request, error }),
};
