import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from '../console.ts';
import { run } from '../process/run.ts';
import type { ServerAddresses } from '../settings.ts';
import { type JestReport, sumOfRun, type TestSum } from './results.ts';

const TO_END_MS = 15_000;

export const suites = ['unit', 'int', 'e2e'] as const;
export type Suite = (typeof suites)[number];

export interface JestRun {
  readonly root: string;
  readonly suite: Suite;
  readonly servers: ServerAddresses;
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
    '--passWithNoTests',
    // These share the servers, and the second the machine with four processes as well.
    ...(suite === 'unit' ? [] : ['--runInBand']),
    ...args,
  ];
  const code = await exitCode(reportFile, signal, (limit) =>
    run(process.execPath, jest, {
      cwd: root,
      signal: limit,
      output: 'inherit',
      env: {
        ...process.env,
        TEST_POSTGRES_URL: servers.postgres,
        TEST_TIMESCALEDB_URL: servers.timescaledb,
        TEST_KAFKA_BROKERS: servers.kafka,
        TEST_REDIS_URL: servers.redis,
        ...env,
      },
    }),
  );
  return sumOfRun(readReport(reportFile), code);
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
