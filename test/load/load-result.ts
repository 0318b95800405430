import type { FreshnessResult } from './measure/freshness.ts';
import type { RouteResult, SecondResult } from './measure/measurements.ts';
import type { CurvePoint, Summary } from './measure/percentiles.ts';

/** All latencies are milliseconds. */
export interface LoadResult {
  /** Requests a second: the target rate, and the rate of successful requests. */
  readonly wanted: number;
  readonly reached: number;
  /** From the first request to the last response. */
  readonly seconds: number;
  readonly endedEarly: boolean;
  readonly errors: number;
  readonly all: Summary;
  readonly routes: readonly RouteResult[];
  readonly curves: { readonly reads: readonly CurvePoint[]; readonly writes: readonly CurvePoint[] };
  readonly bySecond: readonly SecondResult[];
  /** Absent when the world has no probes. */
  readonly freshness?: FreshnessResult;
  readonly sender: SenderResult;
}

/** Shows whether the sending process was too slow. */
export interface SenderResult {
  /** How late requests were sent, in milliseconds. */
  readonly late: Summary;
  /** The share of a core that it used, 0 to 1. */
  readonly busy: number;
}
