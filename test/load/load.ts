import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runCommand } from '../../infra/command.ts';
import { say, step } from '../../infra/console.ts';
import { commitOf, machine } from './measure/machine.ts';
import { type LoadOptions, loadOptions, usage } from './options.ts';
import { inlinedAssets } from './report/assets.ts';
import type { Report } from './report/report.ts';
import { stepLine, summaryText } from './report/text.ts';
import { writeReport } from './report/write-report.ts';
import { runLoad } from './run-load.ts';
import { searchMax } from './search-max.ts';
import { prepareWorld } from './world/prepare-world.ts';
import type { World } from './world/world.ts';

const root = resolve(import.meta.dirname, '../..');

await runCommand(async (stopRequested) => {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    say(usage);
    return 0;
  }
  const given = loadOptions(args);
  const options = { ...given, adminKey: given.adminKey ?? knownAdminKey() };
  const before = machine();
  const world = await step('Preparing the users', () => prepareWorld(options, stopRequested));
  if (world.probes.length === 0) say('! Freshness is not measured: registering its users requires the admin key.');
  const measured = await (options.findMax ? search : single)(options, world, stopRequested);
  const { adminKey, ...shown } = options;
  const report: Report = {
    date: new Date().toISOString(),
    commit: commitOf(root),
    machine: before,
    options: shown,
    ...measured,
  };
  const page = writeReport(join(root, 'reports'), report, inlinedAssets());
  say(`\n${summaryText(report)}\n\nReport with charts: ${pathToFileURL(page)}\n`);
  return 0;
});

async function single(options: LoadOptions, world: World, stopRequested: AbortSignal) {
  const { rate, duration } = options;
  const result = await step(`Sending ${rate} requests a second for ${duration} s`, () =>
    runLoad({ ...options, world }, stopRequested),
  );
  return { result };
}

function search(options: LoadOptions, world: World, stopRequested: AbortSignal) {
  say('· Searching for the highest rate that the system sustains …');
  const loadAt = (rate: number) => runLoad({ ...options, rate, world }, stopRequested);
  return searchMax(options.rate, loadAt, (found) => say(stepLine(found)));
}

function knownAdminKey(): string | undefined {
  const file = join(root, '.data/admin-key');
  return process.env.ADMIN_KEY?.trim() || (existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined);
}
