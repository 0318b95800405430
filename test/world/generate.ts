import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SUMMARY_DAYS_MAX } from '@activity-feed/contracts';
import { runCommand } from '../../infra/command.ts';
import { OperatorError, say } from '../../infra/console.ts';
import { readinessOf } from '../../infra/services/readiness.ts';
import { infraSettings, serviceSettings } from '../../infra/settings.ts';
import { awaitFeed } from './await-feed.ts';
import { keyOf } from './event-rows.ts';
import { findPlace } from './find-place.ts';
import { nameOf } from './names.ts';
import { generateOptions, usage } from './options.ts';
import type { WorldPlan } from './plan.ts';
import { number, Progress } from './progress.ts';
import { databaseUrls, openStores, type Stores } from './stores.ts';
import { writeThroughApi } from './through-api.ts';
import { World } from './world.ts';
import { writeWorld } from './write-world.ts';

const root = resolve(import.meta.dirname, '../..');
const gateway = `http://127.0.0.1:${serviceSettings(process.env).ports.gateway.http.port}`;

/** A user's profile is as new as their last event. */
const UPDATE_TIMES = `
UPDATE users SET updated_at = newest.time FROM (
  SELECT stream, max(time) AS time FROM events WHERE stream >= $1 GROUP BY stream
) AS newest WHERE users.id = stream AND updated_at < newest.time`;

await runCommand(async (stopRequested) => {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    say(usage);
    return 0;
  }
  const options = generateOptions(args, Date.now());
  await assertRunning();
  if (options.throughApi) return writeThroughApi(options.world, gateway, root, stopRequested);
  const stores = await openStores(databaseUrls(root, process.env));
  try {
    const place = await findPlace(stores, options.world, options.intoExisting);
    const done = await fill(stores, place, stopRequested);
    if (done) welcome(place.plan);
    return done ? 0 : 130;
  } finally {
    await stores.close();
  }
});

async function assertRunning(): Promise<void> {
  const readiness = await readinessOf(gateway);
  if (readiness?.status !== 200)
    throw new OperatorError(`No system answers at ${gateway}: start it with \`npm start\`.`);
}

/** Writes what is missing, and waits until the feed shows it; false when it was stopped before. */
async function fill(
  stores: Stores,
  place: Awaited<ReturnType<typeof findPlace>>,
  signal: AbortSignal,
): Promise<boolean> {
  const begun = performance.now();
  const total = countHappenings(place.plan);
  const generated = (performance.now() - begun) / 1_000;
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
    say('Stopped; the same command goes on from here.');
    return false;
  }
  await stores.write['social-graph'].query(UPDATE_TIMES, [place.plan.firstIds.user]);
  say(`
${number(total)} events in ${((performance.now() - begun) / 1_000).toFixed(1)} s: counted in ${generated.toFixed(1)} s, made and written in ${wrote.toFixed(1)} s while relay
and projector followed, and ${waited.toFixed(1)} s more until the feed showed the last.`);
  return true;
}

function countHappenings(plan: WorldPlan): number {
  let count = 0;
  for (const _ of new World(plan).happenings()) count++;
  return count;
}

function welcome(plan: WorldPlan): void {
  const world = new World(plan);
  const file = join(infraSettings(root, process.env, 'start').dataFolder, 'world-keys');
  const ranked = Array.from({ length: plan.users }, (_, rank) => world.userAt(rank / plan.users));
  writeFileSync(file, ranked.map((user) => `${nameOf(user)} ${keyOf(plan.seed, user)}\n`).join(''), { mode: 0o600 });
  const user = (title: string, share: number) => {
    const found = world.userAt(share);
    return `  ${title.padEnd(10)} ${nameOf(found).padEnd(16)} curl -H 'X-App-Key: ${keyOf(plan.seed, found)}' ${gateway}/feed/friends`;
  };
  say(`
Log in as
${user('celebrity', 0)}
${user('typical', 0.4)}
${user('lonely', 0.99)}

and ask, with the same keys, also for
  ${gateway}/feed/friends?group=day
  ${gateway}/feed/my/summary?days=${Math.min(plan.days, SUMMARY_DAYS_MAX)}
  ${gateway}/trending?window=7d&among=friends

All keys, the most popular first: ${file}, also for npm run load -- --keys ${file}`);
}
