import type { ExecutionContext } from '@nestjs/common';
import type { TcpContext } from '@nestjs/microservices';
import { Histogram } from 'prom-client';

const durations = new Histogram({
  name: 'rpc_request_duration_seconds',
  help: 'Commands and queries of gateways',
  labelNames: ['pattern'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
});

/** Call when a request ends. `began`: by `performance.now()`. */
export function observeRequest(context: ExecutionContext, began: number): void {
  const pattern = context.switchToRpc().getContext<TcpContext>().getPattern();
  durations.observe({ pattern }, (performance.now() - began) / 1_000);
}
