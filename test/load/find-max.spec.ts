import { complaints, highestGood, nextRate, type Step } from './find-max.ts';

/** Searches a system that bears up to `limit`; it also fails at the steps of the given numbers. */
function search(limit: number, first = 100, hiccups: number[] = []): Step[] {
  const steps: Step[] = [];
  for (let rate = nextRate(first, steps); rate !== undefined; rate = nextRate(first, steps)) {
    steps.push({ rate, good: rate <= limit && !hiccups.includes(steps.length) });
  }
  return steps;
}

const rates = (steps: Step[]) => steps.map(({ rate }) => rate);

describe('nextRate', () => {
  it('doubles, tries a bad rate twice, then bisects', () => {
    expect(rates(search(1000))).toEqual([100, 200, 400, 800, 1600, 1600, 1200, 1200, 1000, 1100, 1100]);
  });

  it.each([1, 3, 37, 150, 799, 1234, 19_000])('comes within a tenth of a limit of %i', (limit) => {
    const found = highestGood(search(limit)) as number;
    expect(found).toBeLessThanOrEqual(limit);
    expect(found).toBeGreaterThanOrEqual(Math.min(limit / 1.1, limit - 1));
  });

  it('is not misled by one bad moment', () => {
    expect(highestGood(search(1000, 100, [1, 3]))).toBeGreaterThanOrEqual(900);
  });

  it('goes down when it began too high, and ends when nothing is good', () => {
    expect(rates(search(60)).slice(0, 3)).toEqual([100, 100, 50]);
    const nothing = search(0, 8);
    expect(rates(nothing)).toEqual([8, 8, 4, 4, 2, 2, 1, 1]);
    expect(highestGood(nothing)).toBeUndefined();
  });

  it('ends at the highest rate that may be sent', () => {
    expect(highestGood(search(Number.POSITIVE_INFINITY, 3000))).toBe(20_000);
  });

  it('ends after a bounded number of steps', () => {
    for (const limit of [0, 1, 777, 12_345]) expect(search(limit, 20_000).length).toBeLessThanOrEqual(20);
  });
});

describe('complaints', () => {
  const all = { count: 100, p50: 5, p90: 9, p99: 100, p999: 300, max: 300 };

  it('are none at a p99 of 100 ms without errors', () => {
    expect(complaints({ all, errors: 0, routes: [] })).toEqual([]);
  });

  it('are a slow p99, and errors by their kinds', () => {
    const route = { route: 'GET /me' as const, ...all, errors: { '503 SERVICE_UNAVAILABLE': 2 } };
    expect(complaints({ all: { ...all, p99: 100.1 }, errors: 2, routes: [route] })).toEqual([
      'p99 over 100 ms',
      '2 errors: 503 SERVICE_UNAVAILABLE',
    ]);
  });
});
