import { performance } from 'node:perf_hooks';
import type { LoadResult, SenderResult } from './load-result.ts';
import { measureFreshness } from './measure/freshness.ts';
import { Measurements } from './measure/measurements.ts';
import { rounded, summary } from './measure/percentiles.ts';
import { settled } from './measure/settled.ts';
import { arrivalTimes } from './traffic/arrivals.ts';
import { Gateway } from './traffic/gateway.ts';
import { type Arrival, onTime } from './traffic/on-time.ts';
import { sendVisit } from './traffic/send-visit.ts';
import { type Mix, Traffic } from './traffic/traffic.ts';
import type { World } from './world/world.ts';

export interface LoadPlan extends Mix {
  readonly url: string;
  /** Requests a second. */
  readonly rate: number;
  /** Seconds. */
  readonly duration: number;
  readonly world: World;
}

const CONNECTIONS = 512;
const PROBE_CONNECTIONS = 64;
const LAST_ANSWERS_WITHIN = 11_000;
const LAST_ANSWERS_AFTER_STOP = 2000;
/** Beyond this limit a request is not sent, but counts as an error with the longest latency. */
const MOST_UNDER_WAY = 20_000;

const neverStopped = new AbortController().signal;

/**
 * Sends requests at the plan's rate without waiting for responses, and measures each latency from the time at which the
 * request should have been sent. A stop ends the run early, with the results so far.
 */
export async function runLoad(plan: LoadPlan, stopRequested: AbortSignal = neverStopped): Promise<LoadResult> {
  const [load, freshness] = await Promise.all([sendAll(plan, stopRequested), watchFreshness(plan, stopRequested)]);
  return { ...load, ...(freshness && { freshness }) };
}

async function sendAll(plan: LoadPlan, stopRequested: AbortSignal): Promise<LoadResult> {
  const { url, rate, duration, world } = plan;
  const gateway = new Gateway(url, CONNECTIONS);
  const traffic = new Traffic(world, plan);
  const measurements = new Measurements();
  const sender = watchSender();
  const underWay = new Set<Promise<void>>();
  const begin = (arrival: Arrival) => {
    sender.began(arrival);
    const visit = traffic.visit();
    if (underWay.size >= MOST_UNDER_WAY) {
      measurements.add(visit.route, arrival.at, LAST_ANSWERS_WITHIN, 'NOT_SENT');
      return;
    }
    const sending = sendVisit(gateway, visit, arrival, measurements);
    underWay.add(sending);
    void sending.then(() => underWay.delete(sending));
  };

  const startedAt = performance.now();
  await onTime(arrivalTimes(rate * duration, duration * 1000), begin, stopRequested);
  await settled(underWay, stopRequested.aborted ? LAST_ANSWERS_AFTER_STOP : LAST_ANSWERS_WITHIN);
  const seconds = (performance.now() - startedAt) / 1000;
  const senderResult = sender.result();
  await gateway.cut();
  await Promise.all(underWay);
  const all = measurements.summary();
  return {
    wanted: rate,
    reached: rounded((all.count - measurements.errors) / seconds),
    seconds: rounded(seconds),
    endedEarly: stopRequested.aborted,
    errors: measurements.errors,
    all,
    routes: measurements.byRoute(),
    curves: measurements.curves(),
    bySecond: measurements.bySecond(),
    sender: senderResult,
  };
}

async function watchFreshness({ url, duration, world: { probes } }: LoadPlan, stopRequested: AbortSignal) {
  if (probes.length === 0) return undefined;
  const gateway = new Gateway(url, PROBE_CONNECTIONS);
  const cut = () => void gateway.cut();
  stopRequested.addEventListener('abort', cut);
  try {
    return await measureFreshness(gateway, probes, duration * 1000, stopRequested);
  } finally {
    stopRequested.removeEventListener('abort', cut);
    await gateway.cut();
  }
}

function watchSender() {
  const late: number[] = [];
  const before = performance.eventLoopUtilization();
  return {
    began: (arrival: Arrival) => late.push(arrival.late),
    result: (): SenderResult => ({
      late: summary(late),
      busy: rounded(performance.eventLoopUtilization(before).utilization),
    }),
  };
}
