import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Accepted, judgeReport } from './audit/judge-report.ts';
import { runCommand } from './command.ts';
import { say } from './console.ts';
import { run } from './process/run.ts';

const root = resolve(import.meta.dirname, '..');

/** Checks the packages that run in production for known vulnerabilities. */
await runCommand(async (signal) => {
  // `.npmrc` turns audits off for installs.
  const { stdout } = await run('npm', ['audit', '--audit', '--omit=dev', '--json'], { cwd: root, signal });
  const accepted = JSON.parse(readFileSync(join(root, 'infra/audit/accepted.json'), 'utf8')) as Accepted[];
  const { passes, lines } = judgeReport(stdout, accepted);
  for (const line of lines) say(line);
  return passes ? 0 : 1;
});
