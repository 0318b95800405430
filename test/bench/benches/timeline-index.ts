import { fromMilliseconds, type Microseconds } from '@activity-feed/contracts';
import { RecentEngagement } from '../../../services/feed/dist/timeline-index/rows/recent-engagement.js';
import { TimelineIndex } from '../../../services/feed/dist/timeline-index/timeline-index.js';
import { percentileOf, sorted } from '../../load/measure/percentiles.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import { memoryOfAnActivity } from '../measure/memory-of-an-activity.ts';

const MONTH = 30 * 86_400 * 1_000_000;
const PAGE = 50;
const READERS = 500;

/** Pages built from the index alone, in this process. Authors and followees have a Zipf-like distribution. */
export const timelineIndex: Benchmark = {
  name: 'timeline-index',
  async run({ sizes }) {
    const { activities, authors } = sizes.index;
    const before = process.memoryUsage().arrayBuffers;
    const index = filled(activities, authors);
    const bytes = process.memoryUsage().arrayBuffers - before;
    // Warm up.
    for (const count of sizes.index.followees) pageTime(index, authors, count);
    const figures: Figure[] = sizes.index.followees.map((count) => ({
      name: 'page p50',
      unit: 'µs',
      ours: Array.from({ length: sizes.rounds }, () => pageTime(index, authors, count)),
      growth: { by: 'followees in memory', to: count },
    }));
    const counted = countedLikes(activities) / activities;
    const likes: Figure = { name: 'memory per like of the open hour', unit: 'bytes', ours: [counted] };
    return [...figures, ...memoryOfAnActivity(bytes, activities), likes];
  },
};

function filled(activities: number, authors: number): TimelineIndex {
  const index = new TimelineIndex({ budget: activities, followeeBudget: 1 });
  const start = fromMilliseconds(Date.now()) - MONTH;
  for (let entry = 0; entry < activities; entry++) {
    const author = drawAuthor(authors);
    index.addUser(author, `author_${author}`);
    index.addRow({
      time: (start + Math.floor((entry / activities) * MONTH)) as Microseconds,
      id: [entry, 0, 0, 0],
      actor: index.users.number(author),
      verb: 'like',
      objectType: 'photo',
      objectId: 1 + Math.floor(Math.random() * activities),
      target: index.users.number(author),
    });
  }
  return index;
}

/** The bytes that `likes` likes in the current hour take, on as many objects with equal probability. */
function countedLikes(likes: number): number {
  const recent = new RecentEngagement(Date.now);
  for (let like = 0; like < likes; like++) {
    recent.add('like', 'photo', 1 + Math.floor(Math.random() * likes), 1, fromMilliseconds(Date.now()));
  }
  return recent.bytes;
}

function pageTime(index: TimelineIndex, authors: number, followees: number): number {
  const times: number[] = [];
  for (let reader = 0; reader < READERS; reader++) {
    const chosen = new Set<number>();
    const wanted = Math.min(followees, authors / 2);
    while (chosen.size < wanted) chosen.add(index.users.number(drawAuthor(authors)));
    const actors = Uint32Array.from(chosen).sort();
    const startedAt = performance.now();
    const { rows } = index.find(actors, PAGE + 1);
    index.entryJson.write(rows, 0, Math.min(rows.length, PAGE));
    times.push((performance.now() - startedAt) * 1_000);
  }
  return percentileOf(sorted(times), 50);
}

/** The probability of a rank is proportional to 1 / (rank + 300). */
function drawAuthor(authors: number): number {
  return Math.floor(300 * ((authors + 300) / 300) ** Math.random()) - 300 + 1;
}
