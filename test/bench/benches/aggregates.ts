import type { ObjectRef } from '@activity-feed/contracts';
import { readEdition } from '../../../services/feed/dist/aggregates/edition.js';
import { Asker } from '../aggregates/asker.ts';
import { fillAggregates } from '../aggregates/fill.ts';
import { hiddenOwners } from '../aggregates/hidden-owners.ts';
import { lateInserts } from '../aggregates/late-inserts.ts';
import { notedGroups } from '../aggregates/noted-groups.ts';
import { questionsOf } from '../aggregates/questions.ts';
import { readTimes } from '../aggregates/read-times.ts';
import { findReaders } from '../aggregates/readers.ts';
import { refreshTimes } from '../aggregates/refresh-times.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import type { BenchContext, BenchWorld } from '../context.ts';

const OBJECTS = `
SELECT object_type AS type, object_id::float8 AS id FROM examples WHERE verb = 'like' ORDER BY random() LIMIT $1`;

/** Sequential aggregate reads without the cache of answers, in a world of one month. */
export const aggregates: Benchmark = {
  name: 'aggregates',
  reference: () =>
    'the same query as one statement on `activities`, which returned the same; for noted groups, the same read without notes; for hidden owners, the same read with nobody muted; for an insert, one into an uncompressed chunk',
  run: (context) => context.withWorld(context.sizes.aggregates.world, (world) => measure(context, world)),
};

async function measure(context: BenchContext, world: BenchWorld): Promise<Figure[]> {
  const { system } = world;
  const { feed } = system.stores;
  const { aggregates: sizes, readers: count } = context.sizes;
  const edition = await readEdition(feed);
  await fillAggregates(context, system, edition);
  const readers = await findReaders(context, world);
  const { rows: objects } = await feed.query<ObjectRef>(OBJECTS, [count]);
  const figures: Figure[] = [];
  const asker = new Asker(system);
  try {
    const questions = questionsOf(asker, readers, objects);
    for (const question of questions) figures.push(await readTimes(context, feed, question));
    const [most, following] =
      [...readers.byFollowees].find(([followees]) => followees >= 500) ?? [...readers.byFollowees][0] ?? [];
    const ofMost = questions.filter(
      ({ name, growth }) => growth?.to === most && (name.includes('groups') || name.includes('summary')),
    );
    figures.push(...(await hiddenOwners(context, world, following ?? [], ofMost)));
    if (edition === 'community') {
      figures.push(
        ...(await notedGroups(
          context,
          system,
          questions.filter(({ name }) => name.startsWith('friends’') && name.includes('groups')),
        )),
      );
    }
  } finally {
    await asker.close();
  }
  if (edition === 'apache') return figures;
  // From here on nothing else may write or refresh.
  await system.services.feed.end();
  const { days } = sizes.world;
  return [...figures, ...(await lateInserts(context, feed, days)), ...(await refreshTimes(context, feed, days))];
}
