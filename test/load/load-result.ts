import type { FreshnessResult } from './measure/freshness.ts';
import type { RouteResult, SecondResult } from './measure/measurements.ts';
import type { CurvePoint, Summary } from './measure/percentiles.ts';

/** All latencies are milliseconds. */
export interface LoadResult {
  /** Requests a second: those wanted, and those that got a good answer. */
  readonly wanted: number;
  readonly reached: number;
  /** From the first request until the last answer. */
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

/** Whether the process that sends was itself too slow. */
export interface SenderResult {
  /** How late requests were begun. */
  readonly late: Summary;
  /** The share of a core that it needed, 0 to 1. */
  readonly busy: number;
}
