import { percentileOf, sorted } from '../../load/measure/percentiles.ts';
import { Gateway, type GatewayRequest } from '../../load/traffic/gateway.ts';
import { cpuOf } from './process-cpu.ts';

export interface ClosedLoop {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** The processes whose CPU time counts. */
  readonly pids: readonly number[];
  /** The nth request, counted from 0. */
  request(number: number): GatewayRequest;
}

export interface LoopResult {
  readonly perSecond: number;
  /** Microseconds per request. */
  readonly cpu: number;
  /** Milliseconds. */
  readonly p50: number;
}

/** Sends requests over each connection one at a time and counts the responses. */
export async function closedLoop({ url, connections, seconds, pids, request }: ClosedLoop): Promise<LoopResult> {
  const gateway = new Gateway(url, connections);
  const latencies: number[] = [];
  let sent = 0;
  const cpuBefore = cpuOf(pids);
  const startedAt = performance.now();
  const deadline = startedAt + seconds * 1_000;
  const worker = async () => {
    while (performance.now() < deadline) {
      const sentAt = performance.now();
      const { status, body } = await gateway.send(request(sent++));
      if (status >= 300) throw new Error(`a request of the benchmark answered ${status}: ${body.slice(0, 300)}`);
      latencies.push(performance.now() - sentAt);
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, worker));
  } finally {
    await gateway.cut();
  }
  const passed = (performance.now() - startedAt) / 1_000;
  const cpu = (cpuOf(pids) - cpuBefore) / latencies.length;
  return { perSecond: latencies.length / passed, cpu, p50: percentileOf(sorted(latencies), 50) };
}
