import type { BenchContext } from './context.ts';

/** A row of the table: one number per round, with the reference's number of the same round. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** Empty if there was no answer in time. */
  readonly ours: readonly number[];
  /** What the machine can do without our code. Omitted if there is nothing to compare with. */
  readonly reference?: readonly number[];
  /** For a figure that shows how cost grows: the dimension and its size. */
  readonly growth?: { readonly by: string; readonly to: number };
}

export interface Benchmark {
  /** The name on the command line. */
  readonly name: string;
  /** A short description of the reference. For inserts it depends on the machine. */
  readonly reference?: () => string;
  run(context: BenchContext): Promise<Figure[]>;
}

/** The results of one benchmark. */
export interface BenchResult {
  readonly benchmark: string;
  readonly reference: string | undefined;
  readonly figures: readonly Figure[];
}
