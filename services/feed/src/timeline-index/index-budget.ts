import { totalmem } from 'node:os';

/** Bytes per activity, with its share of users and followees; see the sizing table in docs/timeline-index.md. */
const BYTES_PER_ACTIVITY = 60 + 70 / 10 + 4;

/** The index's part of a memory limit: V8's heap may take half, and buffers of replies and the log need some. */
const PART_OF_LIMIT = 2 / 5;

export const LEAST_BUDGET = 65_536;
export const MOST_BUDGET = 1_000_000_000;
/** The upper limit unless configured: a larger memory limit may be meant for something else. */
const DEFAULT_BUDGET = 20_000_000;

/** The default budget: what fits into a process with a memory limit of `limit` bytes, if any. */
export function indexBudget(limit: number | undefined): number {
  if (limit === undefined) return DEFAULT_BUDGET;
  const fitting = Math.floor((limit * PART_OF_LIMIT) / BYTES_PER_ACTIVITY);
  return Math.min(Math.max(fitting, LEAST_BUDGET), DEFAULT_BUDGET);
}

/** The memory limit of this process's control group in bytes; undefined if it is not below the machine's memory. */
export function memoryLimit(constrained = process.constrainedMemory(), machine = totalmem()): number | undefined {
  return constrained > 0 && constrained < machine ? constrained : undefined;
}
