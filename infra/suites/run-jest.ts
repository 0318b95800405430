import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from '../console.ts';
import { run } from '../process/run.ts';
import type { RunningServers } from '../servers/running-servers.ts';
import { type JestReport, sumOfRun, type TestSum } from './results.ts';

const TO_END_MS = 15_000;

export const suites = ['unit', 'int', 'e2e', 'alone'] as const;
export type Suite = (typeof suites)[number];

/** Suites that run at the same time: one mostly computes, the other mostly waits, and they share nothing but servers. */
export const turns: readonly (readonly Suite[])[] = [['unit'], ['int', 'e2e'], ['alone']];

export interface JestRun {
  readonly root: string;
  readonly suite: Suite;
  readonly servers: RunningServers;
  /** For Jest's report. */
  readonly folder: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export async function runJest(
  { root, suite, servers, folder, args, env }: JestRun,
  signal: AbortSignal,
): Promise<TestSum> {
  say(`\n· Tests: ${suite}`);
  const reportFile = join(folder, `${suite}.json`);
  const jest = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    // The Kafka client's, as in the services.
    '--disable-warning=TimeoutNegativeWarning',
    join(root, 'node_modules/jest/bin/jest.js'),
    '--selectProjects',
    suite,
    '--json',
    `--outputFile=${reportFile}`,
    // A pattern may well match nothing in a suite; without one a suite without tests is a mistake.
    ...(args.length > 0 ? ['--passWithNoTests'] : []),
    // Files of the others share servers, and the machine with the processes that they start.
    suite === 'unit' ? '--maxWorkers=100%' : '--runInBand',
    ...args,
  ];
  const code = await exitCode(reportFile, signal, (limit) =>
    run(process.execPath, jest, {
      cwd: root,
      signal: limit,
      output: 'inherit',
      env: {
        ...process.env,
        ...toldToTests(servers),
        ...env,
      },
    }),
  );
  return sumOfRun(readReport(reportFile), code);
}

function toldToTests({ addresses, communityDatabase, processes }: RunningServers): Record<string, string> {
  const pidOf = (name: string) => processes.find(({ spec }) => spec.name === name)?.pid;
  const [kafka, postgres] = [pidOf('kafka'), pidOf('postgres')];
  return {
    TEST_POSTGRES_URL: addresses.postgres,
    TEST_TIMESCALEDB_URL: addresses.timescaledb,
    TEST_KAFKA_BROKERS: addresses.kafka,
    TEST_REDIS_URL: addresses.redis,
    // One that is given from outside goes before it.
    ...(communityDatabase && { COMMUNITY_DATABASE_URL: process.env.COMMUNITY_DATABASE_URL || communityDatabase }),
    // For the tests that freeze a server; one that runs elsewhere is not theirs to freeze.
    ...(kafka && { TEST_KAFKA_PID: String(kafka) }),
    ...(postgres && { TEST_POSTGRES_PID: String(postgres) }),
  };
}

/** Jest waits for ever for a connection that a test left open; after its report it has a moment to end. */
async function exitCode(
  reportFile: string,
  signal: AbortSignal,
  start: (limit: AbortSignal) => Promise<{ code: number }>,
): Promise<number> {
  const overdue = new AbortController();
  let deadline: NodeJS.Timeout | undefined;
  const watch = setInterval(() => {
    if (!existsSync(reportFile)) return;
    clearInterval(watch);
    deadline = setTimeout(() => overdue.abort(), TO_END_MS);
  }, 500);
  try {
    return (await start(AbortSignal.any([signal, overdue.signal]))).code;
  } catch (error) {
    if (signal.aborted || !overdue.signal.aborted) throw error;
    say('! A test left something open, so that Jest did not end by itself; this counts as a failure.');
    return 1;
  } finally {
    clearInterval(watch);
    clearTimeout(deadline);
  }
}

function readReport(file: string): JestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JestReport;
  } catch {
    return undefined;
  }
}
