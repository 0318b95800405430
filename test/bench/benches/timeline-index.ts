import { fromMilliseconds } from '@activity-feed/contracts';
import { RecentEngagement } from '../../../services/feed/dist/timeline-index/rows/recent-engagement.js';
import type { Benchmark, Figure } from '../benchmark.ts';
import { filledIndex, pageTime } from '../measure/filled-index.ts';
import { memoryOfAnActivity } from '../measure/memory-of-an-activity.ts';

/** Pages built from the index alone, in this process. Authors and followees have a Zipf-like distribution. */
export const timelineIndex: Benchmark = {
  name: 'timeline-index',
  async run({ sizes }) {
    const { activities, authors } = sizes.index;
    const before = process.memoryUsage().arrayBuffers;
    const index = filledIndex(activities, authors);
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

/** The bytes that `likes` likes in the current hour take, on as many objects with equal probability. */
function countedLikes(likes: number): number {
  const recent = new RecentEngagement(Date.now);
  for (let like = 0; like < likes; like++) {
    recent.add('like', 'photo', 1 + Math.floor(Math.random() * likes), 1, fromMilliseconds(Date.now()));
  }
  return recent.bytes;
}
