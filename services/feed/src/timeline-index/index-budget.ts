import { totalmem } from 'node:os';

/** Bytes that an activity takes with its share of the users and a followee: docs/timeline-index.md, the sizing table. */
const BYTES_PER_ACTIVITY = 48 + 64 / 10 + 4;

/** The index's part of a memory limit: V8 lets its heap have half, and the buffers of answers and the log need some. */
const PART_OF_LIMIT = 2 / 5;

export const LEAST_BUDGET = 65_536;
export const MOST_BUDGET = 1_000_000_000;
/** More is kept only when it is set: a larger limit of memory may be meant for something else. */
const DEFAULT_BUDGET = 20_000_000;

/** The budget that is not set: the default, or what fits into a process of `limit` bytes; undefined is one without. */
export function indexBudget(limit: number | undefined): number {
  if (limit === undefined) return DEFAULT_BUDGET;
  const fitting = Math.floor((limit * PART_OF_LIMIT) / BYTES_PER_ACTIVITY);
  return Math.min(Math.max(fitting, LEAST_BUDGET), DEFAULT_BUDGET);
}

/** The memory limit of this process's control group, in bytes; one above what the machine has is none. */
export function memoryLimit(constrained = process.constrainedMemory(), machine = totalmem()): number | undefined {
  return constrained > 0 && constrained < machine ? constrained : undefined;
}
