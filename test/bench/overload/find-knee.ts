import { highestGood, nextRate, type Step } from '../../load/find-max.ts';
import { isWell } from './judge.ts';
import type { Sent, Stage } from './send-schedule.ts';

/**
 * The highest rate at which all is well, by a p99 of `limit` milliseconds; `first` where the search finds none. Each is
 * tried for `seconds`.
 */
export async function findKnee(
  { first, seconds, limit }: { first: number; seconds: number; limit: number },
  send: (stage: Stage) => Promise<Sent[]>,
): Promise<number> {
  const steps: Step[] = [];
  for (let rate = nextRate(first, steps); rate !== undefined; rate = nextRate(first, steps)) {
    steps.push({ rate, good: isWell(await send({ rate, seconds }), limit) });
  }
  return highestGood(steps) ?? first;
}
