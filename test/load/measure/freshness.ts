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
  /** From the response to the write until the follower's page shows the post, or until the probe gave up. */
  readonly ms: number;
  readonly seen: boolean;
}

export interface FreshnessResult extends Summary {
  readonly unseen: number;
  /** Probes whose write failed. They are not in the summary. */
  readonly failed: number;
  readonly samples: readonly FreshnessSample[];
}

const PER_SECOND = 5;
const LONGEST_WAIT = 10_000;

/** Posts as the probes' authors at a low, steady rate and measures when each post appears on the follower's page. */
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
 * Sends no consistency token: with one, the read would wait for the write. Polls with growing pauses of a tenth of the
 * time waited: the result is at most that much too long, and polling adds little load to a feed that lags.
 */
async function timeUntilSeen(gateway: Pick<Gateway, 'send'>, { author, follower }: Probe, stopRequested: AbortSignal) {
  const content = 'How long until you see this?';
  const written = bodyOf(await gateway.send(post(author, '/post', { type: 'post', content })));
  const answeredAt = performance.now();
  for (;;) {
    const newest = await newestSeenBy(gateway, follower);
    const ms = rounded(performance.now() - answeredAt);
    // The page may show the author's next post already; this one precedes it.
    if (newest !== undefined && newest >= written.object_id) return { ms, seen: true };
    if (stopRequested.aborted) return undefined;
    if (ms > LONGEST_WAIT) return { ms, seen: false };
    await pause(Math.max(ms / 10, 1));
  }
}

/** The id of the newest object on the page, or undefined if it is empty or the read fails. */
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
