import { freePorts } from '../../harness/free-ports.ts';
import { percentileOf, sorted } from '../../load/measure/percentiles.ts';
import { get } from '../../load/traffic/api.ts';
import type { User } from '../../load/world/world.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import { type BenchContext, type BenchWorld, sample } from '../context.ts';
import { BESIDE, REFUSED } from '../fairness/section.ts';
import { sendNoise } from '../fairness/send-noise.ts';
import { timesAtRate } from '../measure/times-at-rate.ts';

/** Reads per second, and how many times as many one user sends. */
const LIMIT = 100;
const EXCESS = 20;

/** Other users' friends pages with and without a user who reads far beyond the rate limit. */
export const fairness: Benchmark = {
  name: 'fairness',
  reference: () => 'the same requests without that user',
  run: (context) => context.withWorld(context.sizes.fairness.world, (world) => measure(context, world)),
};

interface Round {
  readonly alone: Float64Array;
  readonly beside: Float64Array;
  readonly refused: number;
}

async function measure(context: BenchContext, world: BenchWorld): Promise<Figure[]> {
  const [port] = (await freePorts(1)) as [number];
  // That of the benchmarks has no limits.
  const limited = { HTTP_PORT: String(port), RATE_LIMITS: 'on', RATE_LIMIT_READS: String(LIMIT) };
  const gateway = world.system.services.gateway.with(limited);
  await gateway.start();
  try {
    const rounds: Round[] = [];
    const url = `http://127.0.0.1:${port}`;
    while (rounds.length < context.sizes.rounds) rounds.push(await oneRound(context, url, world.users));
    const besideAlone = (name: string, percentile: number): Figure => ({
      name,
      unit: 'ms',
      ours: rounds.map(({ beside }) => percentileOf(beside, percentile)),
      reference: rounds.map(({ alone }) => percentileOf(alone, percentile)),
    });
    return [
      { name: REFUSED, unit: '%', ours: rounds.map(({ refused }) => refused) },
      besideAlone(BESIDE.p50, 50),
      besideAlone(BESIDE.p99, 99),
    ];
  } finally {
    await gateway.end();
  }
}

async function oneRound({ sizes, signal }: BenchContext, url: string, users: readonly User[]): Promise<Round> {
  const [noisy, ...rest] = users as [User, ...User[]];
  const others = sample(rest, sizes.readers);
  const request = (number: number) => get(others[number % others.length] as User, '/feed/friends');
  const { rate, seconds, turns } = sizes.fairness;
  const measure = (during = seconds) => timesAtRate(url, rate, during, request, signal);
  // Warm up.
  await measure(seconds / 4);
  const alone: number[] = [];
  const beside: number[] = [];
  let refused = 0;
  // Alternate, because other processes on the machine are busy at times.
  for (let turn = 0; turn < turns; turn++) {
    alone.push(...(await measure()));
    const [share, times] = await Promise.all([sendNoise(url, noisy, EXCESS * LIMIT, seconds, signal), measure()]);
    beside.push(...times);
    refused += share / turns;
  }
  return { alone: sorted(alone), beside: sorted(beside), refused };
}
