import { exampleResult } from './load-result.example.ts';
import type { LoadResult } from './load-result.ts';
import { searchMax } from './search-max.ts';

/** A system whose p99 exceeds the limit above `bears` requests a second. */
const systemThat =
  (bears: number, endedEarlyAt?: number) =>
  async (rate: number): Promise<LoadResult> => {
    const all = { ...exampleResult.all, p99: rate > bears ? 500 : 20 };
    return { ...exampleResult, wanted: rate, errors: 0, all, endedEarly: rate === endedEarlyAt };
  };

describe('searchMax', () => {
  it('returns the highest good rate and its result', async () => {
    const { search, result } = await searchMax(100, systemThat(700));
    expect(search.highestGood).toBe(700);
    expect(result).toMatchObject({ wanted: 700, all: { p99: 20 } });
    expect(search.steps.find(({ rate }) => rate === 800)?.complaints).toEqual(['p99 over 100 ms']);
  });

  it('returns the last result if no rate was good', async () => {
    const { search, result } = await searchMax(2, systemThat(0));
    expect(search.highestGood).toBeUndefined();
    expect(result.wanted).toBe(1);
  });

  it('ends with a step that ended early, without judging its rate', async () => {
    const { search, result } = await searchMax(100, systemThat(700, 400));
    expect(search).toMatchObject({ highestGood: 200, endedEarly: true });
    expect(search.steps.at(-1)?.complaints).toEqual(['ended early']);
    expect(result.wanted).toBe(200);
  });
});
