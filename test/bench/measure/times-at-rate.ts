import { settled } from '../../load/measure/settled.ts';
import { arrivalTimes } from '../../load/traffic/arrivals.ts';
import { Gateway, type GatewayRequest } from '../../load/traffic/gateway.ts';
import { onTime } from '../../load/traffic/on-time.ts';

const CONNECTIONS = 500;
const LAST_ANSWERS_WITHIN = 10_000;

/**
 * Latencies in milliseconds, ascending, of requests at a fixed rate that do not wait for earlier ones. A client that
 * waits for each response would hardly notice a pause.
 */
export async function timesAtRate(
  url: string,
  rate: number,
  seconds: number,
  request: (number: number) => GatewayRequest,
  signal: AbortSignal,
  connections = CONNECTIONS,
): Promise<Float64Array> {
  const gateway = new Gateway(url, connections);
  const times: number[] = [];
  const failures: string[] = [];
  const send = async (number: number, countsFrom: number) => {
    const { status, body } = await gateway.send(request(number));
    if (status !== 200) failures.push(`${status}: ${body}`);
    times.push(performance.now() - countsFrom);
  };
  const underWay: Promise<void>[] = [];
  const due = arrivalTimes(Math.ceil(rate * seconds), seconds * 1_000);
  try {
    await onTime(due, ({ index, countsFrom }) => underWay.push(send(index, countsFrom)), signal);
    await settled(underWay, LAST_ANSWERS_WITHIN);
  } finally {
    await gateway.cut();
  }
  signal.throwIfAborted();
  await Promise.all(underWay);
  if (failures.length > 0) throw new Error(`${failures.length} requests failed, the first with ${failures[0]}`);
  return Float64Array.from(times).sort();
}
