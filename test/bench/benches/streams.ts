import { setTimeout as pause } from 'node:timers/promises';
import { percentileOf, sorted } from '../../load/measure/percentiles.ts';
import type { BenchSystem } from '../bench-system.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import type { BenchContext } from '../context.ts';
import { cpuOf } from '../measure/process-cpu.ts';
import { memoryOf } from '../measure/process-memory.ts';
import { type Audience, writeAudience } from '../streams/audience.ts';
import { OpenStreams } from '../streams/open-streams.ts';
import { IDLE_CPU, MEMORY, RECEIVED } from '../streams/section.ts';
import { writeToStreams } from '../streams/write-to-streams.ts';

/** With fewer streams, other allocations of the processes would dominate. */
const LEAST = 1_000;

/** What open streams of friends feeds cost, and how soon they have what happens. */
export const streams: Benchmark = {
  name: 'streams',
  reference: () => 'gateway and feed without streams, just before',
  run: (context) => context.withSystem((system) => measure(context, system)),
};

interface Idle {
  /** Percent of a core. */
  readonly cpu: number;
  /** Bytes of each process at the end. */
  readonly gateway: number;
  readonly feed: number;
}

interface Round {
  readonly without: Idle;
  readonly open: Idle;
  /** From the answer to a write until its entry was received, in milliseconds. */
  readonly delays: Record<'few' | 'many', Float64Array>;
}

async function measure(context: BenchContext, system: BenchSystem): Promise<Figure[]> {
  const { rounds, streams } = context.sizes;
  const audience = await writeAudience(system, streams.count, context.signal);
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round++) measured.push(await oneRound(context, system, audience));
  const grown = (bytes: (idle: Idle) => number) =>
    measured.map(({ without, open }) => (bytes(open) - bytes(without)) / streams.count / 1_024);
  const received = (percentile: number, writes: 'few' | 'many' = 'few') =>
    measured.map(({ delays }) => percentileOf(delays[writes], percentile));
  const memory: Figure[] = [
    { name: MEMORY, unit: 'KB', ours: grown(({ gateway, feed }) => gateway + feed) },
    { name: `${MEMORY}, of the gateway`, unit: 'KB', ours: grown(({ gateway }) => gateway) },
    { name: `${MEMORY}, of the feed`, unit: 'KB', ours: grown(({ feed }) => feed) },
  ];
  return [
    ...(streams.count < LEAST ? [] : memory),
    {
      name: IDLE_CPU,
      unit: '% of a core',
      ours: measured.map(({ open }) => open.cpu),
      reference: measured.map(({ without }) => without.cpu),
    },
    { name: RECEIVED.p50, unit: 'ms', ours: received(50) },
    { name: RECEIVED.p95, unit: 'ms', ours: received(95) },
    { name: RECEIVED.p95Many, unit: 'ms', ours: received(95, 'many') },
  ];
}

async function oneRound({ sizes, signal }: BenchContext, system: BenchSystem, audience: Audience): Promise<Round> {
  const { gateway, feed } = system.services;
  for (const service of [gateway, feed]) await service.end();
  for (const service of [feed, gateway]) await service.start();
  const { idleSeconds, rates, seconds } = sizes.streams;
  const idle = () => whileIdle(system, idleSeconds, signal);
  const without = await idle();
  const opened = await OpenStreams.open(system.url, audience.users, signal);
  try {
    const open = await idle();
    opened.checkOpen();
    const write = async (rate: number, during = seconds) =>
      sorted(await writeToStreams(system.url, audience, opened, { rate, seconds: during }, signal));
    // Warm up.
    await write(rates.few, seconds / 4);
    return { without, open, delays: { few: await write(rates.few), many: await write(rates.many) } };
  } finally {
    opened.close();
  }
}

async function whileIdle({ services }: BenchSystem, seconds: number, signal: AbortSignal): Promise<Idle> {
  const { gateway, feed } = services;
  const pids = [gateway.pid, feed.pid];
  // What was begun before has ended.
  await pause(1_000, undefined, { signal });
  const [before, startedAt] = [cpuOf(pids), performance.now()];
  await pause(seconds * 1_000, undefined, { signal });
  const cpu = (cpuOf(pids) - before) / ((performance.now() - startedAt) * 10);
  return { cpu, gateway: memoryOf(gateway.pid), feed: memoryOf(feed.pid) };
}
