import { complaints, highestGood, nextRate, type Step } from './find-max.ts';
import type { LoadResult } from './load-result.ts';
import type { Search, SearchStep } from './report/report.ts';

export interface FoundMax {
  readonly search: Search;
  /** The result of the highest good step, or of the last step if none was good. */
  readonly result: LoadResult;
}

/** Runs loads at increasing rates, starting with `first`, until it has found the highest good rate. */
export async function searchMax(
  first: number,
  loadAt: (rate: number) => Promise<LoadResult>,
  stepDone: (step: SearchStep) => void = () => {},
): Promise<FoundMax> {
  const tried: Step[] = [];
  const steps: SearchStep[] = [];
  const good = new Map<number, LoadResult>();
  for (;;) {
    const rate = nextRate(first, tried) as number;
    const result = await loadAt(rate);
    const found = stepOf(result);
    steps.push(found);
    stepDone(found);
    // A step that ended early says nothing about its rate.
    if (!result.endedEarly) {
      tried.push({ rate, good: found.complaints.length === 0 });
      if (found.complaints.length === 0) good.set(rate, result);
    }
    if (!result.endedEarly && nextRate(first, tried) !== undefined) continue;
    const highest = highestGood(tried);
    const search = { highestGood: highest, endedEarly: result.endedEarly, steps };
    return { search, result: good.get(highest ?? 0) ?? result };
  }
}

const stepOf = (result: LoadResult): SearchStep => ({
  rate: result.wanted,
  reached: result.reached,
  p50: result.all.p50,
  p99: result.all.p99,
  errors: result.errors,
  freshnessP99: result.freshness?.p99,
  senderLateP99: result.sender.late.p99,
  complaints: result.endedEarly ? ['ended early'] : complaints(result),
});
