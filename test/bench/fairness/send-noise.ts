import { settled } from '../../load/measure/settled.ts';
import { get } from '../../load/traffic/api.ts';
import { arrivalTimes } from '../../load/traffic/arrivals.ts';
import { Gateway } from '../../load/traffic/gateway.ts';
import { onTime } from '../../load/traffic/on-time.ts';
import type { User } from '../../load/world/world.ts';

const CONNECTIONS = 64;
const LAST_ANSWERS_WITHIN = 10_000;

/** Reads friends pages as one user at a fixed rate. Resolves to how many percent of the requests were refused. */
export async function sendNoise(
  url: string,
  user: User,
  rate: number,
  seconds: number,
  signal: AbortSignal,
): Promise<number> {
  const gateway = new Gateway(url, CONNECTIONS);
  const due = arrivalTimes(Math.ceil(rate * seconds), seconds * 1_000);
  const underWay: Promise<unknown>[] = [];
  let refused = 0;
  const send = async () => {
    const { status } = await gateway.send(get(user, '/feed/friends'));
    if (status === 429) refused++;
  };
  try {
    await onTime(due, () => underWay.push(send()), signal);
    await settled(underWay, LAST_ANSWERS_WITHIN);
  } finally {
    await gateway.cut();
  }
  await Promise.all(underWay);
  return (100 * refused) / underWay.length;
}
