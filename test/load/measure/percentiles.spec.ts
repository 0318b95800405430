import fc from 'fast-check';
import { curve, percentileOf, sorted, summary } from './percentiles.ts';

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('summary', () => {
  it('is exact and uses the nearest rank', () => {
    expect(summary(upTo(1000))).toEqual({ count: 1000, p50: 500, p90: 900, p99: 990, p999: 999, max: 1000 });
  });

  it('does not depend on the order', () => {
    expect(summary(upTo(1000).reverse())).toEqual(summary(upTo(1000)));
  });

  it('equals a single value, and is zero without values', () => {
    expect(summary([7])).toEqual({ count: 1, p50: 7, p90: 7, p99: 7, p999: 7, max: 7 });
    expect(summary([])).toEqual({ count: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0 });
  });
});

describe('percentileOf', () => {
  it('is the smallest value that the given share of values does not exceed', () => {
    const values = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.constantFrom(1, 50, 90, 99, 99.9, 100), (all, percentile) => {
        const found = percentileOf(sorted(all), percentile);
        const share = (limit: (value: number) => boolean) => (all.filter(limit).length / all.length) * 100;
        expect(share((value) => value <= found)).toBeGreaterThanOrEqual(percentile - 1e-6);
        expect(share((value) => value < found)).toBeLessThan(percentile);
      }),
    );
  });
});

describe('curve', () => {
  it('starts at the minimum and ends where single values remain', () => {
    const points = curve(upTo(1024));
    expect(points[0]).toEqual({ percentile: 0, ms: 1 });
    expect(points.find(({ percentile }) => percentile === 50)?.ms).toBe(512);
    expect(points.at(-1)?.ms).toBe(1023);
    expect(curve([])).toEqual([]);
  });
});
