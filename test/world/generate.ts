import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SUMMARY_DAYS_MAX } from '@activity-feed/contracts';
import { runCommand } from '../../infra/command.ts';
import { OperatorError, say } from '../../infra/console.ts';
import { readinessOf } from '../../infra/services/readiness.ts';
import { infraSettings, serviceSettings } from '../../infra/settings.ts';
import { awaitFeed } from './await-feed.ts';
import { keyOf } from './event-rows.ts';
import { findPlace, type WorldPlace } from './find-place.ts';
import { generateOptions, usage } from './options.ts';
import { number, Progress } from './progress.ts';
import { databaseUrls, openStores, type Stores } from './stores.ts';
import { writeThroughApi } from './through-api.ts';
import { World } from './world.ts';
import { writeWorld } from './write-world.ts';

const root = resolve(import.meta.dirname, '../..');
const gateway = `http://127.0.0.1:${serviceSettings(process.env).ports.gateway.http.port}`;

await runCommand(async (stopRequested) => {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    say(usage);
    return 0;
  }
  const options = generateOptions(args, Date.now());
  await assertRunning();
  if (options.throughApi) return writeThroughApi(options.world, gateway, root, stopRequested);
  const { dataFolder } = infraSettings(root, process.env, 'start');
  // For the keys file: fail now rather than after the whole world is written.
  mkdirSync(dataFolder, { recursive: true });
  const stores = await openStores(databaseUrls(root, process.env));
  try {
    const place = await findPlace(stores, options.world, options.intoExisting);
    const done = await fill(stores, place, stopRequested);
    if (done) welcome(place, dataFolder);
    return done ? 0 : 130;
  } finally {
    await stores.close();
  }
});

async function assertRunning(): Promise<void> {
  const readiness = await readinessOf(gateway);
  if (readiness?.status !== 200)
    throw new OperatorError(`No running system at ${gateway}. Start it with \`npm start\`.`);
}

/** Writes what is missing and waits until the feed shows it. False if it was stopped earlier. */
async function fill(stores: Stores, place: WorldPlace, signal: AbortSignal): Promise<boolean> {
  const begun = performance.now();
  const total = place.size.events;
  let written = place.written['social-graph'] + place.written.activity;
  const writing = new Progress('written', total);
  writing.show(written);
  const onWritten = (events: number) => {
    written += events;
    writing.show(written);
  };
  await writeWorld(stores, place, onWritten, signal);
  const wrote = writing.end(written);
  const reading = new Progress('readable', total);
  const applied = await awaitFeed(stores, place.plan, written, (events) => reading.show(events), signal);
  const waited = reading.end(applied);
  if (signal.aborted || written < total) {
    say('Stopped. Run the same command again to continue.');
    return false;
  }
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  const steps = `${wrote.toFixed(1)} s to write them, ${waited.toFixed(1)} s more until the feed showed the last one`;
  say(`\n${number(total)} events in ${seconds} s: ${steps}.`);
  return true;
}

function welcome({ plan, names }: WorldPlace, dataFolder: string): void {
  const world = new World(plan);
  const file = join(dataFolder, 'world-keys');
  writeFileSync(file, world.ranking.map((user) => `${names.of(user)} ${keyOf(plan, user)}\n`).join(''), {
    mode: 0o600,
  });
  const user = (title: string, share: number) => {
    const found = world.userAt(share);
    return `  ${title.padEnd(10)} ${names.of(found).padEnd(16)} curl -H 'X-App-Key: ${keyOf(plan, found)}' ${gateway}/feed/friends`;
  };
  say(`
Try it as one of these users:

${user('celebrity', 0)}
${user('typical', 0.4)}
${user('lonely', 0.99)}

More to read with the same keys:

  ${gateway}/feed/friends?group=day
  ${gateway}/feed/my/summary?days=${Math.min(plan.days, SUMMARY_DAYS_MAX)}
  ${gateway}/trending?window=7d&among=friends

All keys, most popular users first: ${file}
To send load as these users: npm run load -- --keys ${file}`);
}
