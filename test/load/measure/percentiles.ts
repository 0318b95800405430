/** Latencies in milliseconds; all zero if nothing was measured. */
export interface Summary {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface CurvePoint {
  readonly percentile: number;
  readonly ms: number;
}

export const sorted = (values: Iterable<number>): Float64Array => Float64Array.from(values).sort();

/** The percentile by nearest rank: the smallest value that at least `percentile` % of all values do not exceed. */
export function percentileOf(ascending: Float64Array, percentile: number): number {
  if (ascending.length === 0) return 0;
  // 99.9 / 100 × 1000 is 999.0000000000001.
  const rank = Math.ceil(Number(((percentile / 100) * ascending.length).toFixed(6)));
  return ascending[Math.max(rank, 1) - 1] as number;
}

export function summary(values: Iterable<number>): Summary {
  const ascending = sorted(values);
  const at = (percentile: number) => rounded(percentileOf(ascending, percentile));
  return { count: ascending.length, p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: at(100) };
}

/**
 * Percentiles for a chart, denser towards the maximum: ten points for each halving of the remaining share, up to one
 * value.
 */
export function curve(values: Iterable<number>): CurvePoint[] {
  const ascending = sorted(values);
  const points: CurvePoint[] = [];
  for (let step = 0; 2 ** (step / 10) <= ascending.length; step++) {
    const percentile = 100 * (1 - 2 ** (-step / 10));
    points.push({ percentile, ms: rounded(percentileOf(ascending, percentile)) });
  }
  return points;
}

/** Rounds milliseconds to microseconds. */
export const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;
