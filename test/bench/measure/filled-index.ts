import { fromMilliseconds, type Microseconds } from '@activity-feed/contracts';
import { TimelineIndex } from '../../../services/feed/dist/timeline-index/timeline-index.js';
import { percentileOf, sorted } from '../../load/measure/percentiles.ts';

const MONTH = 30 * 86_400 * 1_000_000;
export const PAGE = 50;
const READERS = 500;

/** An index of likes by random authors, evenly spread over a month. `ownerOf`: by default authors like what is theirs. */
export function filledIndex(
  activities: number,
  authors: number,
  ownerOf: (author: number) => number = (author) => author,
): TimelineIndex {
  const index = new TimelineIndex({ budget: activities, followeeBudget: 1 });
  const start = fromMilliseconds(Date.now()) - MONTH;
  for (let entry = 0; entry < activities; entry++) {
    const author = drawAuthor(authors);
    const owner = ownerOf(author);
    for (const user of [author, owner]) index.addUser(user, `author_${user}`);
    index.addRow({
      time: (start + Math.floor((entry / activities) * MONTH)) as Microseconds,
      id: [entry, 0, 0, 0],
      actor: index.users.number(author),
      verb: 'like',
      objectType: 'photo',
      objectId: 1 + Math.floor(Math.random() * activities),
      target: index.users.number(owner),
    });
  }
  return index;
}

/** The p50 in microseconds of building a page of readers with random followees, entries and bytes. */
export function pageTime(index: TimelineIndex, authors: number, followees: number): number {
  return timeOfPages(index, authors, followees, (actors) => {
    const { rows } = index.find(actors, PAGE + 1);
    index.entryJson.write(rows, 0, Math.min(rows.length, PAGE));
  });
}

/** The same for another way to build the page of the `actors`, which are user numbers. */
export function timeOfPages(
  index: TimelineIndex,
  authors: number,
  followees: number,
  build: (actors: Uint32Array) => unknown,
): number {
  const times: number[] = [];
  for (let reader = 0; reader < READERS; reader++) {
    const chosen = new Set<number>();
    const wanted = Math.min(followees, authors / 2);
    while (chosen.size < wanted) chosen.add(index.users.number(drawAuthor(authors)));
    const actors = Uint32Array.from(chosen).sort();
    const startedAt = performance.now();
    build(actors);
    times.push((performance.now() - startedAt) * 1_000);
  }
  return percentileOf(sorted(times), 50);
}

/** The probability of a rank is proportional to 1 / (rank + 300). */
export function drawAuthor(authors: number): number {
  return Math.floor(300 * ((authors + 300) / 300) ** Math.random()) - 300 + 1;
}
