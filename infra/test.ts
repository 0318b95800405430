import { resolve } from 'node:path';
import { runCommand } from './command.ts';
import { say } from './console.ts';
import { add, isGreen, noTests, summary } from './suites/results.ts';
import { runJest, turns } from './suites/run-jest.ts';
import { withTestServers } from './suites/with-test-servers.ts';

const root = resolve(import.meta.dirname, '..');
const args = process.argv.slice(2);

await runCommand(async (stopRequested) => {
  const sum = await withTestServers(root, stopRequested, async (servers, folder) => {
    let all = noTests;
    for (const parts of turns) {
      const runs = parts.map((part) => runJest({ root, part, servers, folder, args }, stopRequested));
      for (const sum of await Promise.all(runs)) all = add(all, sum);
    }
    return all;
  });
  for (const [need, count] of Object.entries(sum.needs)) say(`\n${count} skipped because they need ${need}.`);
  if (sum.passed + sum.failed === 0) say('\nNo tests ran. This counts as a failure.');
  say(`\n${summary(sum)}`);
  return isGreen(sum) ? 0 : 1;
});
