import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { runCommand } from '../../infra/command.ts';
import { say, step } from '../../infra/console.ts';
import type { ServerAddresses } from '../../infra/settings.ts';
import { withTestServers } from '../../infra/suites/with-test-servers.ts';
import { commitOf, machine } from '../load/measure/machine.ts';
import { benchmarks } from './benches/index.ts';
import type { Benchmark, BenchResult } from './benchmark.ts';
import { BenchContext } from './context.ts';
import { givenServers } from './given-servers.ts';
import { readServer } from './measure/timescale-server.ts';
import { benchOptions, usage } from './options.ts';
import { pageAfter } from './page.ts';
import { type BenchReport, figureLine, table } from './report.ts';
import { ServiceProcess } from './service-process.ts';
import { fullSizes, smokeSizes } from './sizes.ts';

const root = resolve(import.meta.dirname, '../..');

await runCommand(async (stopRequested) => {
  const args = process.argv.slice(2);
  const known = benchmarks.map(({ name }) => name);
  if (args.includes('--help')) {
    say(usage(known));
    return 0;
  }
  const options = benchOptions(args, known);
  const { names, smoke, rounds } = options;
  ServiceProcess.profileFolder = options.profile && resolve(options.profile);
  const wanted = benchmarks.filter(({ name }) => names.includes(name));
  const before = machine();
  const sizes = smoke ? smokeSizes : fullSizes;
  const measure = async (servers: ServerAddresses) => ({
    timescale: await readServer(servers.timescaledb),
    results: await runAll(
      new BenchContext(servers, { ...sizes, rounds: rounds ?? sizes.rounds }, stopRequested),
      wanted,
    ),
  });
  const given = givenServers(process.env);
  const measured = await (given
    ? measure(given)
    : withTestServers(root, stopRequested, ({ addresses }) => measure(addresses)));
  const report: BenchReport = {
    date: new Date().toISOString(),
    commit: commitOf(root),
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    machine: before,
    ...measured,
  };
  const { results } = measured;
  say(`\n${table(results)}\n`);
  writeResults(report, options.json ?? join(root, 'reports', `bench-${report.date.replace(/[:.]/g, '-')}.json`));
  const failed = results.length < wanted.length;
  if (!smoke && !failed) writePage(report, wanted.length === benchmarks.length);
  return failed ? 1 : 0;
});

/** Reports a benchmark that fails and continues with the others. */
async function runAll(context: BenchContext, wanted: readonly Benchmark[]): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  try {
    for (const benchmark of wanted) {
      try {
        const figures = await step(benchmark.name, () => benchmark.run(context));
        results.push({ benchmark: benchmark.name, reference: benchmark.reference?.(), figures });
        for (const figure of figures) say(`  ${figureLine(figure)}`);
      } catch (error) {
        context.signal.throwIfAborted();
        say(`! ${benchmark.name} failed: ${(error as Error).stack}`);
      }
    }
    return results;
  } finally {
    await context.end();
  }
}

function writePage(report: BenchReport, isOfAll: boolean): void {
  const file = join(root, 'docs/benchmarks.md');
  writeFileSync(file, pageAfter(readFileSync(file, 'utf8'), report, isOfAll));
}

function writeResults(report: BenchReport, file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  say(`Results as JSON: ${file}`);
}
