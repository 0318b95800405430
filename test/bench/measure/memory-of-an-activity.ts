import type { Figure } from '../benchmark.ts';

/** With fewer activities, other allocations of the process would dominate. */
const LEAST = 1_000_000;

/** The memory per activity, or no figure if there are too few activities. */
export function memoryOfAnActivity(bytes: number, activities: number): Figure[] {
  return activities < LEAST ? [] : [{ name: 'memory per activity', unit: 'bytes', ours: [bytes / activities] }];
}
