import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from '../console.ts';
import { run } from '../process/run.ts';
import type { RunningServers } from '../servers/running-servers.ts';
import { serverNames } from '../settings.ts';
import { type JestReport, sumOfRun, type TestSum } from './results.ts';

const EXIT_MS = 15_000;

export const suites = ['unit', 'int', 'editions', 'e2e', 'alone'] as const;
export type Suite = (typeof suites)[number];

const titles: Record<Suite, string> = {
  unit: 'unit',
  int: 'integration',
  editions: 'two-edition',
  e2e: 'end-to-end',
  alone: 'isolated end-to-end',
};

/** One run of Jest. */
export interface Part {
  readonly suites: readonly Suite[];
  /** How many files run at the same time. */
  readonly workers: string;
}

/**
 * Parts that run at the same time. They share only the servers. Files of `editions` share a database on the Community
 * edition, which each of them clears. Files of int and e2e often wait. Files of `alone` disturb each other.
 */
export const turns: readonly (readonly Part[])[] = [
  [{ suites: ['unit'], workers: '100%' }],
  [
    { suites: ['editions'], workers: '1' },
    { suites: ['int', 'e2e'], workers: '3' },
  ],
  [{ suites: ['alone'], workers: '1' }],
];

/** The file of Jest's report on a part. */
export const reportName = ({ suites }: Pick<Part, 'suites'>): string => `${suites.join('-')}.json`;

export interface JestRun {
  readonly root: string;
  readonly part: Part;
  readonly servers: RunningServers;
  /** Where Jest writes its report. */
  readonly folder: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export async function runJest(
  { root, part, servers, folder, args, env }: JestRun,
  signal: AbortSignal,
): Promise<TestSum> {
  const { suites, workers } = part;
  say(`\n· Running the ${suites.map((suite) => titles[suite]).join(' and ')} tests`);
  const reportFile = join(folder, reportName(part));
  const jest = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(root, 'node_modules/jest/bin/jest.js'),
    '--selectProjects',
    ...suites,
    '--json',
    `--outputFile=${reportFile}`,
    // A pattern need not match anything in every suite. Without a pattern, a suite without tests is an error.
    ...(args.length > 0 ? ['--passWithNoTests'] : []),
    workers === '1' ? '--runInBand' : `--maxWorkers=${workers}`,
    `--testSequencer=${join(root, 'infra/suites/longest-first.cjs')}`,
    ...args,
  ];
  const code = await exitCode(reportFile, signal, (limit) =>
    run(process.execPath, jest, {
      cwd: root,
      signal: limit,
      output: 'inherit',
      env: {
        ...process.env,
        ...serverVariables(servers),
        ...env,
      },
    }),
  );
  return sumOfRun(readReport(reportFile), code);
}

function serverVariables({ addresses, communityDatabase, processes }: RunningServers): Record<string, string> {
  const processOf = (name: string) => processes.find(({ spec }) => spec.name === name);
  const postgres = processOf('postgres')?.pid;
  return {
    TEST_POSTGRES_URL: addresses.postgres,
    TEST_TIMESCALEDB_URL: addresses.timescaledb,
    TEST_KAFKA_BROKERS: addresses.kafka,
    TEST_REDIS_URL: addresses.redis,
    // A database that the environment names takes precedence.
    ...(communityDatabase && { COMMUNITY_DATABASE_URL: process.env.COMMUNITY_DATABASE_URL || communityDatabase }),
    // For tests that start servers of their own from the same programs.
    ...(processOf('kafka') && processOf('redis') && { TEST_SERVERS_ARE_LOCAL: 'true' }),
    // For tests that read the CPU time of servers.
    ...(serverNames.every(processOf) && { TEST_SERVERS_ARE_ALL_LOCAL: 'true' }),
    // For tests that freeze a session, which is possible only with local processes.
    ...(postgres && { TEST_POSTGRES_PID: String(postgres) }),
  };
}

/** Jest never exits while a test leaves a connection open. It has 15 s to exit after it has written its report. */
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
    deadline = setTimeout(() => overdue.abort(), EXIT_MS);
  }, 500);
  try {
    return (await start(AbortSignal.any([signal, overdue.signal]))).code;
  } catch (error) {
    if (signal.aborted || !overdue.signal.aborted) throw error;
    say('! Jest did not exit because a test left a handle open, such as a connection. This counts as a failure.');
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
