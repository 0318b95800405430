import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCommand } from './command.ts';
import { say, step } from './console.ts';
import { convertProcessCoverage, writeCoverageReport } from './suites/coverage-report.ts';
import { add, isGreen, noTests, summary } from './suites/results.ts';
import { runJest, suites } from './suites/run-jest.ts';
import { withTestServers } from './suites/with-test-servers.ts';

const root = resolve(import.meta.dirname, '..');
const target = join(root, 'coverage');
const args = process.argv.slice(2);

/** Runs all suites like `test` and reports their combined coverage, including the processes that e2e tests start. */
await runCommand(async (stopRequested) => {
  const sum = await withTestServers(root, stopRequested, async (servers, folder) => {
    const raw = join(folder, 'coverage');
    const v8Folder = join(raw, 'v8');
    mkdirSync(v8Folder, { recursive: true });
    let all = noTests;
    for (const suite of suites) {
      const options = jestOptions(join(raw, suite));
      const env: Record<string, string> = suite === 'e2e' || suite === 'alone' ? { NODE_V8_COVERAGE: v8Folder } : {};
      const part = { suites: [suite], workers: suite === 'unit' ? '100%' : '1' };
      const run = { root, part, servers, folder, args: [...options, ...args], env };
      all = add(all, await runJest(run, stopRequested));
    }
    await step('Merging the coverage', async () => {
      await convertProcessCoverage(v8Folder, join(raw, 'processes'), stopRequested);
      rmSync(target, { recursive: true, force: true });
      writeCoverageReport(
        [...suites, 'processes'].map((part) => join(raw, part)),
        target,
      );
    });
    return all;
  });
  say(`\nCoverage report: coverage/index.html\n\n${summary(sum)}`);
  return isGreen(sum) ? 0 : 1;
});

function jestOptions(folder: string): string[] {
  return [
    '--coverage',
    '--coverageProvider=v8',
    '--coverageReporters=json',
    `--coverageDirectory=${folder}`,
    '--collectCoverageFrom={services,libs}/*/src/**/*.ts',
    '--collectCoverageFrom=!**/*spec.ts',
  ];
}
