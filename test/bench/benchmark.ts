import type { BenchContext } from './context.ts';

/** A line of the table: one number from each round, beside the reference's from the same round. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** Empty where there was no answer in time. */
  readonly ours: readonly number[];
  /** What the machine does without us; left out where there is nothing to compare with. */
  readonly reference?: readonly number[];
  /** Where the figure shows how cost grows with something: with what, and how much of it there was. */
  readonly growth?: { readonly by: string; readonly to: number };
}

export interface Benchmark {
  /** As on the command line. */
  readonly name: string;
  /** What stands beside ours, in a few words for the table; depends on the machine in one case. */
  readonly reference?: () => string;
  run(context: BenchContext): Promise<Figure[]>;
}

/** What a benchmark measured. */
export interface BenchResult {
  readonly benchmark: string;
  readonly reference: string | undefined;
  readonly figures: readonly Figure[];
}
