import type { FastifyReply, FastifyRequest } from 'fastify';
import { Histogram } from 'prom-client';

const durations = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Answered requests other than streams, from the arrival of the head until the answer is sent',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3],
});

/** Others are refused, and count together: clients can send dozens. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** To be called once the answer is sent. */
export function observeDuration({ method, routeOptions }: FastifyRequest, reply: FastifyReply): void {
  const labels = {
    method: METHODS.has(method) ? method : 'other',
    route: routeOptions.url ?? 'none',
    status: reply.statusCode,
  };
  durations.observe(labels, reply.elapsedTime / 1_000);
}
