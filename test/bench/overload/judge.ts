import { percentileOf, sorted } from '../../load/measure/percentiles.ts';
import type { Sent } from './send-schedule.ts';

const SECOND = 1_000;

export const isGood = ({ status }: Sent): boolean => status === 200;

/** Those that should have been sent within a time, in seconds since the start. */
export const within = (sent: readonly Sent[], from: number, to: number): Sent[] =>
  sent.filter(({ at }) => at >= from * SECOND && at < to * SECOND);

export const p99 = (sent: readonly Sent[]): number => percentileOf(sorted(sent.map(({ ms }) => ms)), 99);

/** Whether every request was answered well and 99 of 100 in time; `limit` in milliseconds. */
export const isWell = (sent: readonly Sent[], limit: number): boolean => sent.every(isGood) && p99(sent) <= limit;

/**
 * How many seconds after `from` all is as it was before: the end of the first whole second from which on every second
 * until `to` is well, by a p99 of `limit` milliseconds. Infinity when the last one is not.
 */
export function secondsUntilWell(sent: readonly Sent[], limit: number, from: number, to: number): number {
  const ill = Array.from({ length: Math.floor(to - from) }, (_, second) => second).filter(
    (second) => !isWell(within(sent, from + second, from + second + 1), limit),
  );
  const lastIll = ill.at(-1) ?? -1;
  return lastIll === Math.floor(to - from) - 1 ? Number.POSITIVE_INFINITY : lastIll + 2;
}

/** What the posts that were answered came to, in percent of them. */
export interface Kept {
  /** Of those that were refused: how many were not recorded. */
  readonly refusedNotRecorded: number;
  /** Of those that were acknowledged: how many are there once. */
  readonly acknowledgedOnce: number;
}

/** `recorded` are the contents of all posts that are there. */
export function judgePosts(sent: readonly Sent[], recorded: readonly string[]): Kept {
  const times = new Map<string, number>();
  for (const content of recorded) times.set(content, (times.get(content) ?? 0) + 1);
  const contentsOf = (status: number) => sent.flatMap((one) => (one.status === status ? (one.content ?? []) : []));
  return {
    refusedNotRecorded: percentOf(contentsOf(503), (content) => !times.has(content)),
    acknowledgedOnce: percentOf(contentsOf(200), (content) => times.get(content) === 1),
  };
}

/** 100 of none. */
export const percentOf = <T>(all: readonly T[], is: (one: T) => boolean): number =>
  all.length === 0 ? 100 : (100 * all.filter(is).length) / all.length;
