import { setTimeout as pause } from 'node:timers/promises';
import { post } from '../../load/traffic/api.ts';
import { arrivalTimes } from '../../load/traffic/arrivals.ts';
import { Gateway } from '../../load/traffic/gateway.ts';
import { onTime } from '../../load/traffic/on-time.ts';
import { ask } from '../../load/world/ask.ts';
import type { User } from '../../load/world/world.ts';
import type { Audience } from './audience.ts';
import { delaysOf, type Written } from './judge-deliveries.ts';
import type { OpenStreams } from './open-streams.ts';
import { FOLLOWERS } from './section.ts';

const LAST_ENTRIES_WITHIN = 10_000;
/** Milliseconds in which an entry would arrive for a second time. */
const AGAIN_WITHIN = 500;

/**
 * Sends posts of random authors at random times, and returns the milliseconds from each answer until each follower has received
 * it. Throws if an entry is missing, or received twice, or by somebody else.
 */
export async function writeToStreams(
  url: string,
  { users, authors, followersOf }: Audience,
  streams: OpenStreams,
  { rate, seconds }: { rate: number; seconds: number },
  signal: AbortSignal,
): Promise<number[]> {
  const gateway = new Gateway(url, 100);
  streams.received.length = 0;
  const write = async (number: number): Promise<Written> => {
    const author = Math.floor(Math.random() * authors);
    const content = `What I wanted to say for the ${number}th time`;
    const { object_id: object } = await ask(gateway, post(users[author] as User, '/post', { type: 'post', content }));
    const at = performance.now();
    return { object, at, streams: followersOf(author) };
  };
  try {
    const writing: Promise<Written>[] = [];
    await onTime(arrivalTimes(rate * seconds, seconds * 1_000), ({ index }) => writing.push(write(index)), signal);
    const written = await Promise.all(writing);
    signal.throwIfAborted();
    const deadline = performance.now() + LAST_ENTRIES_WITHIN;
    while (streams.received.length < written.length * FOLLOWERS && performance.now() < deadline) await pause(10);
    await pause(AGAIN_WITHIN, undefined, { signal });
    streams.checkOpen();
    return delaysOf(written, streams.received);
  } finally {
    await gateway.cut();
  }
}
