import { percentileOf, sorted } from '../../load/measure/percentiles.ts';
import type { Sent } from './send-schedule.ts';

const SECOND = 1_000;

export const isGood = ({ status }: Sent): boolean => status === 200;

/** The requests that were due between `from` and `to`, in seconds from the start. */
export const within = (sent: readonly Sent[], from: number, to: number): Sent[] =>
  sent.filter(({ at }) => at >= from * SECOND && at < to * SECOND);

export const p99 = (sent: readonly Sent[]): number => percentileOf(sorted(sent.map(({ ms }) => ms)), 99);

/** Whether every answer was good and the p99 was within `limit` milliseconds. */
export const isWell = (sent: readonly Sent[], limit: number): boolean => sent.every(isGood) && p99(sent) <= limit;

/**
 * How many seconds after `from` the system has recovered: at the end of the first whole second from which every second
 * until `to` is well, with a p99 within `limit` milliseconds. Infinity if the last second is not.
 */
export function secondsUntilWell(sent: readonly Sent[], limit: number, from: number, to: number): number {
  const ill = Array.from({ length: Math.floor(to - from) }, (_, second) => second).filter(
    (second) => !isWell(within(sent, from + second, from + second + 1), limit),
  );
  const lastIll = ill.at(-1) ?? -1;
  return lastIll === Math.floor(to - from) - 1 ? Number.POSITIVE_INFINITY : lastIll + 2;
}

/** What happened to the answered posts, in percent. */
export interface Kept {
  /** The share of refused posts that were not recorded. */
  readonly refusedNotRecorded: number;
  /** The share of acknowledged posts that were recorded exactly once. */
  readonly acknowledgedOnce: number;
}

/** `recorded` contains the contents of all recorded posts. */
export function judgePosts(sent: readonly Sent[], recorded: readonly string[]): Kept {
  const times = new Map<string, number>();
  for (const content of recorded) times.set(content, (times.get(content) ?? 0) + 1);
  const contentsOf = (status: number) => sent.flatMap((one) => (one.status === status ? (one.content ?? []) : []));
  return {
    refusedNotRecorded: percentOf(contentsOf(503), (content) => !times.has(content)),
    acknowledgedOnce: percentOf(contentsOf(200), (content) => times.get(content) === 1),
  };
}

/** Percentage of `all` for which `is` holds; 100 if there are none. */
export const percentOf = <T>(all: readonly T[], is: (one: T) => boolean): number =>
  all.length === 0 ? 100 : (100 * all.filter(is).length) / all.length;
