import { setTimeout as pause } from 'node:timers/promises';
import { Measurements } from '../../load/measure/measurements.ts';
import { runLoad } from '../../load/run-load.ts';
import { Gateway } from '../../load/traffic/gateway.ts';
import { sendVisit } from '../../load/traffic/send-visit.ts';
import { Traffic } from '../../load/traffic/traffic.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import type { BenchContext, BenchWorld } from '../context.ts';
import { readTree, spentBetween } from '../cost/process-tree.ts';
import { IDLE, PAGE, SLOW, WRITE } from '../cost/section.ts';
import { serverProcesses } from '../cost/server-processes.ts';
import { firstPagesOf, type PageCpu, pageCpu } from '../measure/beside-fastify.ts';
import { greet } from '../measure/greet.ts';
import { cpuOf } from '../measure/process-cpu.ts';

const CONNECTIONS = 128;
const GENERATOR = 'load generator';

/** What writes cost in all processes, and what an idle system costs. */
export const cost: Benchmark = {
  name: 'cost',
  reference: () => 'a page of bare Fastify at saturation; by process, the same when idle',
  run: (context) => context.withWorld(context.sizes.cost.world, (world) => measure(context, world)),
};

/** Of one period. */
interface Spent {
  /** Milliseconds a second, by process. */
  readonly byProcess: ReadonlyMap<string, number>;
  readonly writes: number;
  readonly seconds: number;
}

interface Round {
  readonly page: PageCpu;
  readonly idle: Spent;
  readonly slow: Spent;
  readonly fast: Spent;
}

async function measure(context: BenchContext, world: BenchWorld): Promise<Figure[]> {
  const pages = firstPagesOf(world, context, '/feed/friends');
  const rounds: Round[] = [];
  for (let round = 0; round < context.sizes.rounds; round++) {
    const page = await pageCpu(world, context, pages, SLOW);
    rounds.push({ page, ...(await oneRound(context, world)) });
  }
  const idle = rounds.map((round) => round.idle);
  const names = [...(idle[0] as Spent).byProcess.keys()];
  const reference = rounds.map(({ page }) => page.saturated);
  const write = (spent: (round: Round) => Spent) => rounds.map((round) => perWrite(spent(round), round.idle));
  const during = (name: string, when: string, spent: (round: Round) => Spent): Figure => ({
    name: `${when}, ${name}`,
    unit: 'ms/s',
    ours: rounds.map((round) => spent(round).byProcess.get(name) as number),
    reference: idle.map(({ byProcess }) => byProcess.get(name) as number),
  });
  return [
    { name: IDLE, unit: 'ms/s', ours: idle.map(({ byProcess }) => sumOf(byProcess)) },
    { name: WRITE.slow, unit: 'µs', ours: write(({ slow }) => slow), reference },
    { name: WRITE.fast, unit: 'µs', ours: write(({ fast }) => fast), reference },
    { name: PAGE, unit: 'µs', ours: rounds.map(({ page }) => page.atRate), reference },
    { name: 'writes at saturation', unit: '/s', ours: rounds.map(({ fast }) => fast.writes / fast.seconds) },
    ...names.map((name) => during(name, `at ${SLOW} writes/s`, ({ slow }) => slow)),
    ...names.map((name) => during(name, 'at saturation', ({ fast }) => fast)),
  ];
}

async function oneRound(context: BenchContext, { system, users }: BenchWorld): Promise<Omit<Round, 'page'>> {
  const { sizes, signal } = context;
  const { idle: idleSeconds, slow: slowSeconds, fast: fastSeconds } = sizes.cost;
  const processes = processesOf(context, system);
  const nothing = async () => {
    await pause(idleSeconds * 1_000, undefined, { signal });
    return 0;
  };
  const world = { users, objects: [], probes: [] };
  const atRate = (seconds: number) => async () => {
    const plan = {
      url: system.url,
      rate: SLOW,
      duration: seconds,
      reads: 0,
      users: 'uniform',
      depth: 1,
      world,
    } as const;
    const { errors, all } = await runLoad(plan, signal);
    if (errors > 0) throw new Error(`${errors} of ${all.count} writes failed`);
    return all.count;
  };
  const saturated = (seconds: number) => () =>
    saturate(system.url, new Traffic(world, { reads: 0, users: 'zipf', depth: 1 }), seconds);
  await greet(system.url, users);
  // What was begun before has ended.
  await pause(1_000, undefined, { signal });
  const idle = await spentOn(processes, nothing);
  // The code is compiled.
  await saturated(fastSeconds)();
  await atRate(slowSeconds / 4)();
  const slow = await spentOn(processes, atRate(slowSeconds));
  const fast = await spentOn(processes, saturated(fastSeconds));
  return { idle, slow, fast };
}

/** Starts to measure CPU time. The returned function returns the microseconds that have been used since. */
type StartCpu = () => () => number;

function processesOf({ servers }: BenchContext, { services }: BenchWorld['system']): Map<string, StartCpu> {
  const pids = [
    ...Object.values(services).map(({ name, pid }) => [name, pid] as const),
    ...Object.entries(serverProcesses(servers)),
  ];
  return new Map([...pids.map(([name, pid]) => [name, () => cpuOfTree(pid)] as const), [GENERATOR, cpuOfGenerator]]);
}

function cpuOfTree(pid: number): () => number {
  const before = readTree(pid);
  return () => spentBetween(before, readTree(pid));
}

/** Without its children: the services are some of them. */
function cpuOfGenerator(): () => number {
  const before = cpuOf([process.pid]);
  return () => cpuOf([process.pid]) - before;
}

/** `work` resolves with the number of writes. */
async function spentOn(processes: ReadonlyMap<string, StartCpu>, work: () => Promise<number>): Promise<Spent> {
  const started = [...processes].map(([name, start]) => [name, start()] as const);
  const startedAt = performance.now();
  const writes = await work();
  const seconds = (performance.now() - startedAt) / 1_000;
  // The generator, which was started last, comes first: its CPU time must not include the readings of the others.
  const ended = started.toReversed().map(([name, spent]) => [name, spent() / 1_000 / seconds] as const);
  return { byProcess: new Map(ended.toReversed()), writes, seconds };
}

/** As many writes as the system answers. Returns their number. */
async function saturate(url: string, traffic: Traffic, seconds: number): Promise<number> {
  const gateway = new Gateway(url, CONNECTIONS);
  const measurements = new Measurements();
  const startedAt = performance.now();
  const worker = async () => {
    for (let now = startedAt; now - startedAt < seconds * 1_000; now = performance.now()) {
      await sendVisit(gateway, traffic.visit(), { at: now - startedAt, countsFrom: now }, measurements);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  await gateway.cut();
  const { count } = measurements.summary();
  if (measurements.errors > 0) throw new Error(`${measurements.errors} of ${count} writes failed`);
  return count;
}

const sumOf = (byProcess: Spent['byProcess']) =>
  [...byProcess].reduce((sum, [name, spent]) => (name === GENERATOR ? sum : sum + spent), 0);

/** Microseconds beyond idle. */
const perWrite = ({ byProcess, writes, seconds }: Spent, idle: Spent) =>
  ((sumOf(byProcess) - sumOf(idle.byProcess)) * seconds * 1_000) / writes;
