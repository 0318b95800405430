import { Counter } from 'prom-client';

export const rateLimitedRequests = new Counter({
  name: 'gateway_rate_limited_requests_total',
  help: 'Requests that were refused because of a rate limit',
  labelNames: ['class'],
});
// Shows that there were none.
for (const one of ['reads', 'writes', 'aggregates', 'admin', 'failed-keys']) rateLimitedRequests.inc({ class: one }, 0);
