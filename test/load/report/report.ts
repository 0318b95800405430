import type { LoadResult } from '../load-result.ts';
import type { Machine } from '../measure/machine.ts';
import type { LoadOptions } from '../options.ts';

/** The report of a run. It does not contain users' keys. */
export interface Report {
  readonly date: string;
  readonly commit: string | undefined;
  readonly machine: Machine;
  readonly options: Omit<LoadOptions, 'adminKey'>;
  /** The result of the run. With `findMax`: of the highest good step, or of the last step if none was good. */
  readonly result: LoadResult;
  readonly search?: Search;
}

export interface Search {
  /** The highest rate without errors and with a good p99, or undefined if there is none. */
  readonly highestGood: number | undefined;
  readonly endedEarly: boolean;
  readonly steps: readonly SearchStep[];
}

export interface SearchStep {
  readonly rate: number;
  readonly reached: number;
  readonly p50: number;
  readonly p99: number;
  readonly errors: number;
  readonly freshnessP99: number | undefined;
  readonly senderLateP99: number;
  readonly complaints: readonly string[];
}
