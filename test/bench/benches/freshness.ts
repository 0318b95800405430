import { measureFreshness } from '../../load/measure/freshness.ts';
import type { Summary } from '../../load/measure/percentiles.ts';
import { searchMax } from '../../load/search-max.ts';
import { Gateway } from '../../load/traffic/gateway.ts';
import type { Probe } from '../../load/world/world.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import type { BenchContext, BenchWorld } from '../context.ts';
import { bareRoundTrips } from '../measure/bare-round-trips.ts';
import { loadOn, probesOf } from '../measure/load-on.ts';

const STEP_SECONDS = 6;

/** Time from the response to a write until a follower's page shows it, idle and at half of the maximum rate. */
export const freshness: Benchmark = {
  name: 'freshness',
  reference: () => 'one message through Kafka, from a bare kafkajs producer to a consumer, while the system is idle',
  async run(context) {
    const { rounds, freshnessSeconds: seconds } = context.sizes;
    const world = await context.world();
    const { servers, prefix } = world.system;
    const probes = await probesOf(world);
    const half = (await highestRate(context, world)) / 2;
    const measured = { bare: [] as Summary[], idle: [] as Summary[], busy: [] as Summary[] };
    for (let round = 0; round < rounds; round++) {
      measured.bare.push(await bareRoundTrips(servers.kafka, `${prefix}round-trip-${round}`, seconds, context.signal));
      measured.idle.push(await whileIdle(context, world, probes));
      const busy = await loadOn(context, world, half, seconds, probes);
      if (busy.freshness) measured.busy.push(busy.freshness);
    }
    return [
      ...figures('idle', measured.idle, measured.bare),
      ...figures('at half the maximum rate', measured.busy, measured.bare),
      // Measured once for all rounds.
      { name: 'half the maximum rate', unit: 'requests/s', ours: [half] },
    ];
  },
};

async function highestRate(context: BenchContext, world: BenchWorld): Promise<number> {
  const { searchFrom, rates } = context.sizes;
  if (searchFrom === undefined) return rates[0] as number;
  const { search } = await searchMax(searchFrom, (rate) => loadOn(context, world, rate, STEP_SECONDS));
  return search.highestGood ?? searchFrom;
}

async function whileIdle({ sizes, signal }: BenchContext, { system }: BenchWorld, probes: Probe[]): Promise<Summary> {
  const gateway = new Gateway(system.url, 8);
  try {
    // Wait for work that is left from earlier load.
    await measureFreshness(gateway, probes, 1_000, signal);
    return await measureFreshness(gateway, probes, sizes.freshnessSeconds * 1_000, signal);
  } finally {
    await gateway.cut();
  }
}

const figures = (when: string, ours: Summary[], bare: Summary[]): Figure[] =>
  (['p50', 'p99'] as const).map((percentile) => ({
    name: `${when}, ${percentile}`,
    unit: 'ms',
    ours: ours.map((summary) => summary[percentile]),
    reference: bare.map((summary) => summary[percentile]),
  }));
