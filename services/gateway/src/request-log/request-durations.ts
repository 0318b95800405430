import type { FastifyReply, FastifyRequest } from 'fastify';
import { Histogram } from 'prom-client';

const durations = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Answered requests other than streams, from the arrival of the head until the answer is sent',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3],
});

type Series = ReturnType<typeof durations.labels>;

/** Others are refused, and count together: clients can send dozens. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** By the route's configuration, then by status and method: building and checking labels takes longer than counting. */
const seriesOf = new WeakMap<object, Map<number, Series>>();

/** To be called once the answer is sent. */
export function observeDuration({ method, routeOptions }: FastifyRequest, reply: FastifyReply): void {
  const { config, url = 'none' } = routeOptions;
  const { statusCode: status, elapsedTime } = reply;
  const ofRoute = seriesOf.get(config) ?? new Map<number, Series>();
  const place = METHODS.indexOf(method);
  const key = status * (METHODS.length + 1) + place + 1;
  let series = ofRoute.get(key);
  if (!series) {
    series = durations.labels(METHODS[place] ?? 'other', url, String(status));
    seriesOf.set(config, ofRoute.set(key, series));
  }
  series.observe(elapsedTime / 1_000);
}
