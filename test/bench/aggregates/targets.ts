import { atLeast, atMost, type Target } from '../targets.ts';
import { HIDDEN_OWNERS, hiddenName } from './hidden-owners.ts';
import { NOTED_PERCENT, notedName } from './noted-groups.ts';

const p50 = (limit: number, name: string, followees?: number): Target =>
  atMost(limit, `${titleOf(name, followees)}, p50`, (of) => of.median('aggregates', name, followees), 'ms');

const faster = (name: string, followees?: number): Target =>
  atLeast(20, `${titleOf(name, followees)}, times faster than raw SQL`, (of) => {
    const ratio = of.ratio('aggregates', name, followees);
    return ratio && 1 / ratio;
  });

const titleOf = (name: string, followees?: number) => (followees ? `${name}, ${followees.toLocaleString('en')}` : name);

const PAGES = ['friends’ newest page of groups', 'friends’ page of groups of closed days'];

/** Targets for aggregate reads with ten million activities and continuous aggregates, without the cache of answers. */
export const AGGREGATE_TARGETS: readonly Target[] = [
  ...PAGES.flatMap((page) => [p50(10, page, 50), p50(10, page, 500), p50(25, page, 5_000)]),
  ...['1h', '24h', '7d'].map((window) => p50(10, `trending of ${window}`)),
  ...[50, 500, 5_000].map((followees) => p50(10, 'trending of 24h among friends', followees)),
  p50(5, 'my summary of 30 days'),
  p50(15, 'friends’ summary of 30 days', 50),
  p50(100, 'friends’ summary of 30 days', 500),
  ...[7, 30].flatMap((days) => [
    faster(`my summary of ${days} days`),
    faster(`friends’ summary of ${days} days`, 50),
    faster(`friends’ summary of ${days} days`, 500),
  ]),
  faster('trending of 7d'),
  ...PAGES.map((page) =>
    atMost(1.5, `${page}, 500, ${NOTED_PERCENT} % noted, against none noted`, (of) =>
      of.ratio('aggregates', notedName(page), 500),
    ),
  ),
  ...[...PAGES, 'friends’ summary of 7 days', 'friends’ summary of 30 days'].map((read) =>
    atMost(1.5, `${read}, 500, ${HIDDEN_OWNERS} hidden owners, against none hidden`, (of) =>
      of.ratio('aggregates', hiddenName(read), 500),
    ),
  ),
];
