import { setTimeout as pause } from 'node:timers/promises';
import { settled } from '../../load/measure/settled.ts';
import { get, post } from '../../load/traffic/api.ts';
import { arrivalTimes } from '../../load/traffic/arrivals.ts';
import { Gateway } from '../../load/traffic/gateway.ts';
import { onTime } from '../../load/traffic/on-time.ts';
import type { User } from '../../load/world/world.ts';

/** Requests at one rate. */
export interface Stage {
  readonly rate: number;
  readonly seconds: number;
}

/** What became of a request. */
export interface Sent {
  /** Milliseconds from the start of the schedule until it should have been sent. */
  readonly at: number;
  /** Milliseconds from then until the answer. */
  readonly ms: number;
  /** The answer's status; 0 without an answer. */
  readonly status: number;
  /** A post's content, which is unique. */
  readonly content?: string;
}

/** One per waiting client, as in production; otherwise requests that are refused after 3 s would delay later ones. */
const CONNECTIONS = 4_000;
/** Milliseconds after which a client gives up; a later answer does not count as good. */
const PATIENCE = 5_000;
const LAST_ANSWERS_WITHIN = PATIENCE + 1_000;

let posts = 0;

/**
 * Sends the requests of `stages`, posts and friends pages alternately, without waiting for answers; each is measured
 * from when it should have been sent. `during` runs at the same time.
 */
export async function sendSchedule(
  url: string,
  users: readonly User[],
  stages: readonly Stage[],
  signal: AbortSignal,
  during: (gateway: Gateway) => Promise<void> = async () => {},
): Promise<Sent[]> {
  const gateway = new Gateway(url, CONNECTIONS);
  const sent: Sent[] = [];
  const underWay = new Set<Promise<void>>();
  const send = async (number: number, at: number, countsFrom: number) => {
    const user = users[Math.floor(Math.random() * users.length)] as User;
    const content = number % 2 ? `post ${process.pid} ${posts++}` : undefined;
    const request = content ? post(user, '/post', { type: 'post', content }) : get(user, '/feed/friends');
    const patience = Math.max(0, countsFrom + PATIENCE - performance.now());
    const { status } = await gateway.send(request, patience).catch(() => ({ status: 0 }));
    sent.push({ at, ms: performance.now() - countsFrom, status, ...(content && { content }) });
  };
  const begin = ({ index, at, countsFrom }: { index: number; at: number; countsFrom: number }) => {
    const sending = send(index, at, countsFrom);
    underWay.add(sending);
    void sending.then(() => underWay.delete(sending));
  };
  const happening = during(gateway);
  try {
    await onTime(timesOf(stages), begin, signal);
    await settled(underWay, LAST_ANSWERS_WITHIN);
    await happening;
  } finally {
    await gateway.cut();
    await Promise.all(underWay);
    // The gateway needs a moment to notice that connections were cut.
    await pause(100);
  }
  signal.throwIfAborted();
  return sent;
}

function timesOf(stages: readonly Stage[]): Float64Array {
  let start = 0;
  const times = stages.flatMap(({ rate, seconds }) => {
    const from = start;
    start += seconds * 1_000;
    return Array.from(arrivalTimes(Math.round(rate * seconds), seconds * 1_000), (time) => from + time);
  });
  return Float64Array.from(times);
}
