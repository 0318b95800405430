import { complaints, highestGood, nextRate, type Step } from './find-max.ts';

/** Searches a system that sustains `limit` requests a second and also fails at the given steps. */
function search(limit: number, first = 100, hiccups: number[] = []): Step[] {
  const steps: Step[] = [];
  for (let rate = nextRate(first, steps); rate !== undefined; rate = nextRate(first, steps)) {
    steps.push({ rate, good: rate <= limit && !hiccups.includes(steps.length) });
  }
  return steps;
}

const rates = (steps: Step[]) => steps.map(({ rate }) => rate);

describe('nextRate', () => {
  it('doubles the rate, tries a bad rate twice, then bisects', () => {
    expect(rates(search(1000))).toEqual([100, 200, 400, 800, 1600, 1600, 1200, 1200, 1000, 1100, 1100]);
  });

  it.each([1, 3, 37, 150, 799, 1234, 19_000])('finds a limit of %i within 10 %%', (limit) => {
    const found = highestGood(search(limit)) as number;
    expect(found).toBeLessThanOrEqual(limit);
    expect(found).toBeGreaterThanOrEqual(Math.min(limit / 1.1, limit - 1));
  });

  it('ignores a single failure', () => {
    expect(highestGood(search(1000, 100, [1, 3]))).toBeGreaterThanOrEqual(900);
  });

  it('halves the rate if it started too high, and ends if no rate is good', () => {
    expect(rates(search(60)).slice(0, 3)).toEqual([100, 100, 50]);
    const nothing = search(0, 8);
    expect(rates(nothing)).toEqual([8, 8, 4, 4, 2, 2, 1, 1]);
    expect(highestGood(nothing)).toBeUndefined();
  });

  it('ends at the maximum rate', () => {
    expect(highestGood(search(Number.POSITIVE_INFINITY, 3000))).toBe(20_000);
  });

  it('ends after a limited number of steps', () => {
    for (const limit of [0, 1, 777, 12_345]) expect(search(limit, 20_000).length).toBeLessThanOrEqual(20);
  });
});

describe('complaints', () => {
  const all = { count: 100, p50: 5, p90: 9, p99: 100, p999: 300, max: 300 };

  it('are empty at a p99 of 100 ms without errors', () => {
    expect(complaints({ all, errors: 0, routes: [] })).toEqual([]);
  });

  it('name a slow p99 and the kinds of errors', () => {
    const route = { route: 'GET /me' as const, ...all, errors: { '503 SERVICE_UNAVAILABLE': 2 } };
    expect(complaints({ all: { ...all, p99: 100.1 }, errors: 2, routes: [route] })).toEqual([
      'p99 over 100 ms',
      '2 errors: 503 SERVICE_UNAVAILABLE',
    ]);
  });
});
