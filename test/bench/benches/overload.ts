import { say } from '../../../infra/console.ts';
import { get } from '../../load/traffic/api.ts';
import type { Gateway } from '../../load/traffic/gateway.ts';
import type { User } from '../../load/world/world.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import type { BenchContext, BenchWorld } from '../context.ts';
import { findKnee } from '../overload/find-knee.ts';
import { freezeServer } from '../overload/freeze-server.ts';
import { isGood, judgePosts, p99, percentOf, secondsUntilWell, within } from '../overload/judge.ts';
import { HELD_SHARE } from '../overload/section.ts';
import { type Sent, type Stage, sendSchedule } from '../overload/send-schedule.ts';
import { holdToShare } from '../overload/share-of-a-core.ts';

/**
 * A disturbance during a load at half the rate that the system sustains. Times are in seconds from the start of the
 * load.
 */
interface Trouble {
  readonly name: string;
  readonly stages: readonly Stage[];
  readonly from: number;
  readonly to: number;
  /** Causes the disturbance while the load runs; resolves to false if that is impossible on this machine. */
  readonly during?: (gateway: Gateway) => Promise<boolean>;
}

interface Result {
  readonly trouble: Trouble;
  readonly happened: boolean;
  readonly sent: readonly Sent[];
  readonly recorded: readonly string[];
}

/**
 * What the system answers well under more load than it can sustain, while its database is frozen, and while a client
 * reads with tokens of writes that never happen; and how soon it recovers. Half posts, half friends pages.
 */
export const overload: Benchmark = {
  name: 'overload',
  reference: () => 'the knee: what is answered to 32 connections that send one request after the other',
  run: (context) => context.withWorld(context.sizes.overload.world, (world) => measure(context, world)),
};

async function measure(context: BenchContext, world: BenchWorld): Promise<Figure[]> {
  const { share, knee: given, kneeSeconds, connections, wellWithin } = context.sizes.overload;
  const release = holdToShare(world.system.pids, share);
  if (!release) say('! Cannot create cgroups here: the services are not limited and share all cores with the load');
  try {
    // The first search only warms up the system.
    await findKnee(world, connections, kneeSeconds);
    const knee = given ?? Math.round(await findKnee(world, connections, kneeSeconds));
    say(`  the knee: ${knee}/s`);
    const rounds: Result[][] = [];
    for (let round = 0; round < context.sizes.rounds; round++) rounds.push(await allTroubles(context, world, knee));
    return [
      // The page takes the CPU limit of the services from this figure.
      ...(release ? [{ name: HELD_SHARE, unit: 'cores', ours: [share] }] : []),
      { name: 'the knee', unit: '/s', ours: [knee] },
      ...(rounds[0] ?? []).flatMap((_, index) => {
        const results = rounds.map((round) => round[index] as Result);
        return results.every(({ happened }) => happened) ? figuresOf(results, knee, wellWithin) : [];
      }),
    ];
  } finally {
    release?.();
  }
}

async function allTroubles(context: BenchContext, world: BenchWorld, knee: number): Promise<Result[]> {
  const results: Result[] = [];
  for (const trouble of troubles(context, world, knee)) {
    const { system, users } = world;
    let happened = true;
    const sent = await sendSchedule(system.url, users, trouble.stages, context.signal, async (gateway) => {
      if (trouble.during) happened = await trouble.during(gateway);
    });
    const { rows } = await system.stores.write.activity.query<{ content: string }>(
      "SELECT content FROM objects WHERE content LIKE 'post %'",
    );
    results.push({ trouble, happened, sent, recorded: rows.map(({ content }) => content) });
  }
  return results;
}

function troubles({ sizes, signal }: BenchContext, { system, users }: BenchWorld, knee: number): Trouble[] {
  const { before, overloaded, frozen, after, tokens } = sizes.overload;
  const usual = (seconds: number): Stage => ({ rate: knee / 2, seconds });
  const sleep = (seconds: number) => pauseFor(seconds * 1_000, signal);
  return [
    {
      name: 'three times the knee',
      stages: [usual(before), { rate: 3 * knee, seconds: overloaded }, usual(after)],
      from: before,
      to: before + overloaded,
    },
    {
      name: 'the write side’s database frozen',
      stages: [usual(before + frozen + after)],
      from: before,
      to: before + frozen,
      during: async () => {
        await sleep(before);
        const thaw = await freezeServer(system.stores.write.activity);
        if (!thaw) {
          say('! The database does not run on this machine and cannot be frozen: skipped');
          return false;
        }
        await sleep(frozen).finally(thaw);
        return true;
      },
    },
    {
      name: `${tokens.toLocaleString('en')} reads with unreachable tokens`,
      stages: [usual(before + 1 + after)],
      from: before,
      to: before + 1,
      during: async (gateway) => {
        await sleep(before);
        await Promise.all(Array.from({ length: tokens }, (_, index) => readTheUnreachable(gateway, users, index)));
        return true;
      },
    },
  ];
}

/** Requests a page that must include a write that never happens. */
async function readTheUnreachable(gateway: Gateway, users: readonly User[], index: number): Promise<void> {
  const page = get(users[index % users.length] as User, '/feed/friends');
  const headers = { ...page.headers, 'consistency-token': `activity.${index + 1}.999999999` };
  await gateway.send({ ...page, headers }).catch(() => undefined);
}

function figuresOf(results: readonly Result[], knee: number, wellWithin: number): Figure[] {
  const [{ trouble }] = results as [Result];
  const { name, stages, from, to } = trouble;
  const end = stages.reduce((sum, { seconds }) => sum + seconds, 0);
  const figure = (what: string, unit: string, value: (result: Result) => number): Figure => ({
    name: `${name}: ${what}`,
    unit,
    ours: results.map(value).filter(Number.isFinite),
  });
  const during = ({ sent }: Result) => within(sent, from, to);
  const reads = (result: Result) => during(result).filter(({ content }) => content === undefined);
  const kept = ({ sent, recorded }: Result) => judgePosts(sent, recorded);
  return [
    {
      ...figure('good answers', '/s', (result) => during(result).filter(isGood).length / (to - from)),
      reference: results.map(() => knee),
    },
    figure('good answers among reads', '%', (result) => percentOf(reads(result), isGood)),
    figure('p99 of good answers', 'ms', (result) => p99(during(result).filter(isGood))),
    figure('time to recover', 's', ({ sent }) => secondsUntilWell(sent, wellWithin, to, end)),
    figure('refused posts that were not recorded', '%', (result) => kept(result).refusedNotRecorded),
    figure('acknowledged posts recorded exactly once', '%', (result) => kept(result).acknowledgedOnce),
  ];
}

const pauseFor = (milliseconds: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
