import { setTimeout as pause } from 'node:timers/promises';
import { get, post } from '../traffic/api.ts';
import { evenTimes } from '../traffic/arrivals.ts';
import type { Gateway, GatewayAnswer } from '../traffic/gateway.ts';
import { onTime } from '../traffic/on-time.ts';
import type { Probe, User } from '../world/world.ts';
import { errorOf } from './failure.ts';
import { rounded, type Summary, summary } from './percentiles.ts';

export interface FreshnessSample {
  /** Milliseconds since the start. */
  readonly at: number;
  /** From the write's answer to the follower's page that shows it; or how long it was waited for in vain. */
  readonly ms: number;
  readonly seen: boolean;
}

export interface FreshnessResult extends Summary {
  readonly unseen: number;
  /** Probes whose write failed, which tell nothing. */
  readonly failed: number;
  readonly samples: readonly FreshnessSample[];
}

const PER_SECOND = 5;
const LONGEST_WAIT = 10_000;

/** Lets probes post at a steady, low rate and looks when each post is on its follower's page. */
export async function measureFreshness(
  gateway: Pick<Gateway, 'send'>,
  probes: readonly Probe[],
  durationMs: number,
  stopRequested: AbortSignal,
): Promise<FreshnessResult> {
  const samples: FreshnessSample[] = [];
  let failed = 0;
  const looking: Promise<void>[] = [];
  await onTime(
    evenTimes(PER_SECOND, durationMs),
    ({ index, at }) => {
      const probe = probes[index % probes.length] as Probe;
      const look = timeUntilSeen(gateway, probe, stopRequested).then(
        (result) => {
          if (result) samples.push({ at: rounded(at), ...result });
        },
        () => {
          if (!stopRequested.aborted) failed++;
        },
      );
      looking.push(look);
    },
    stopRequested,
  );
  await Promise.all(looking);
  samples.sort((a, b) => a.at - b.at);
  const unseen = samples.filter(({ seen }) => !seen).length;
  return { ...summary(samples.map(({ ms }) => ms)), unseen, failed, samples };
}

/**
 * Presents no consistency token, with which the read would wait by itself. Looks ever more rarely, with pauses of a
 * tenth of the time waited: what is found is at most that much too long, and a feed that lags is not held up by it.
 */
async function timeUntilSeen(gateway: Pick<Gateway, 'send'>, { author, follower }: Probe, stopRequested: AbortSignal) {
  const content = 'How long until you see this?';
  const written = bodyOf(await gateway.send(post(author, '/post', { type: 'post', content })));
  const answeredAt = performance.now();
  for (;;) {
    const newest = await newestSeenBy(gateway, follower);
    const ms = rounded(performance.now() - answeredAt);
    // The author's next probe may have come in between; it is newer, so this one is there too.
    if (newest !== undefined && newest >= written.object_id) return { ms, seen: true };
    if (stopRequested.aborted) return undefined;
    if (ms > LONGEST_WAIT) return { ms, seen: false };
    await pause(Math.max(ms / 10, 1));
  }
}

/** The newest object's id. A read that fails shows nothing: to its user the feed is as old as before. */
async function newestSeenBy(gateway: Pick<Gateway, 'send'>, follower: User): Promise<number | undefined> {
  try {
    return bodyOf(await gateway.send(get(follower, '/feed/friends?limit=1'))).friends_feed[0]?.object_id;
  } catch {
    return undefined;
  }
}

function bodyOf(answer: GatewayAnswer) {
  const error = errorOf(answer);
  if (error) throw new Error(error);
  return JSON.parse(answer.body);
}
