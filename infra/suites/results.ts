/** What is read of the JSON that Jest writes. */
export interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  /** Suites that could not be run at all, e.g. for a syntax error: none of their tests is in the other numbers. */
  readonly numRuntimeErrorTestSuites: number;
}

export interface TestSum {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const noTests: TestSum = { passed: 0, failed: 0, skipped: 0 };

/** One run's result. Whatever made Jest fail counts as a failure, even where no test tells of it. */
export function sumOfRun(report: JestReport | undefined, exitCode: number): TestSum {
  const passed = report?.numPassedTests ?? 0;
  const failed = (report?.numFailedTests ?? 0) + (report?.numRuntimeErrorTestSuites ?? 0);
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  return { passed, skipped, failed: failed === 0 && (exitCode !== 0 || !report) ? 1 : failed };
}

export function add(a: TestSum, b: TestSum): TestSum {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** A run that tested nothing proved nothing. */
export function isGreen({ passed, failed }: TestSum): boolean {
  return failed === 0 && passed > 0;
}

export function summary({ passed, failed, skipped }: TestSum): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
