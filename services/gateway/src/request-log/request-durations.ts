import type { FastifyReply, FastifyRequest } from 'fastify';
import { Counter, Histogram } from 'prom-client';

const durations = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Answered requests other than streams, from the arrival of the head until the answer is sent',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3],
});

const aborted = new Counter({
  name: 'http_requests_aborted_total',
  help: 'Requests other than streams whose client disconnected before the answer was sent',
  labelNames: ['method', 'route'],
});

/** Others are refused, and count together: clients can send dozens. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** To be called once the answer is sent. */
export function observeDuration(request: FastifyRequest, reply: FastifyReply): void {
  durations.observe({ ...labelsOf(request), status: reply.statusCode }, reply.elapsedTime / 1_000);
}

/** To be called once the connection is closed, if the answer was not sent. */
export const observeAbort = (request: FastifyRequest) => aborted.inc(labelsOf(request));

const labelsOf = ({ method, routeOptions }: FastifyRequest) => ({
  method: METHODS.has(method) ? method : 'other',
  route: routeOptions.url ?? 'none',
});
