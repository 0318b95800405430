/** What is read of the JSON that Jest writes. */
export interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  /** Suites that could not be run at all, e.g. for a syntax error: none of their tests is in the other numbers. */
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly { readonly assertionResults: readonly JestTest[] }[];
}

export interface JestTest {
  /** With the titles around it. */
  readonly fullName: string;
  readonly status: string;
}

export interface TestSum {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What skipped tests say that they need, each with their number. */
  readonly needs: Readonly<Record<string, number>>;
}

export const noTests: TestSum = { passed: 0, failed: 0, skipped: 0, needs: {} };

/** One run's result. Whatever made Jest fail counts as a failure, even where no test tells of it. */
export function sumOfRun(report: JestReport | undefined, exitCode: number): TestSum {
  const passed = report?.numPassedTests ?? 0;
  const failed = (report?.numFailedTests ?? 0) + (report?.numRuntimeErrorTestSuites ?? 0);
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  const needs = needsOf(report?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? []);
  return { passed, skipped, needs, failed: failed === 0 && (exitCode !== 0 || !report) ? 1 : failed };
}

/** A test that can be skipped has in a title what it needs: `… (needs a broker that can be frozen)`. */
function needsOf(tests: readonly JestTest[]): Record<string, number> {
  const needs: Record<string, number> = {};
  for (const { fullName, status } of tests) {
    const [, need] = (status === 'pending' && /\(needs ([^)]*)\)/.exec(fullName)) || [];
    if (need) needs[need] = (needs[need] ?? 0) + 1;
  }
  return needs;
}

export function add(a: TestSum, b: TestSum): TestSum {
  const needs = { ...a.needs };
  for (const [need, count] of Object.entries(b.needs)) needs[need] = (needs[need] ?? 0) + count;
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped, needs };
}

/** A run that tested nothing proved nothing. */
export function isGreen({ passed, failed }: TestSum): boolean {
  return failed === 0 && passed > 0;
}

export function summary({ passed, failed, skipped }: TestSum): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
