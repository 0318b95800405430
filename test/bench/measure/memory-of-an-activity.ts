import type { Figure } from '../benchmark.ts';

/** Fewer would be lost among all else that a process holds and frees meanwhile. */
const LEAST = 1_000_000;

/** What each of `activities` takes when all of them take `bytes`; nothing where that cannot be told. */
export function memoryOfAnActivity(bytes: number, activities: number): Figure[] {
  return activities < LEAST ? [] : [{ name: 'memory of an activity', unit: 'bytes', ours: [bytes / activities] }];
}
