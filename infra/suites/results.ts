/** The fields of Jest's JSON report that are read here. */
export interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  /** Test files that could not run, e.g. because of a syntax error. Their tests are in no other count. */
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly { readonly assertionResults: readonly JestTest[] }[];
}

export interface JestTest {
  /** Includes the titles of the describe blocks. */
  readonly fullName: string;
  readonly status: string;
}

export interface TestSum {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What skipped tests need, with the number of those tests. */
  readonly needs: Readonly<Record<string, number>>;
}

export const noTests: TestSum = { passed: 0, failed: 0, skipped: 0, needs: {} };

/** The result of one run. If Jest failed without a failed test, it counts as one failure. */
export function sumOfRun(report: JestReport | undefined, exitCode: number): TestSum {
  const passed = report?.numPassedTests ?? 0;
  const failed = (report?.numFailedTests ?? 0) + (report?.numRuntimeErrorTestSuites ?? 0);
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  const needs = needsOf(report?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? []);
  return { passed, skipped, needs, failed: failed === 0 && (exitCode !== 0 || !report) ? 1 : failed };
}

/** A test that may be skipped names what it needs in its title: `… (needs a broker that can be frozen)`. */
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

/** A run without tests is not green. */
export function isGreen({ passed, failed }: TestSum): boolean {
  return failed === 0 && passed > 0;
}

export function summary({ passed, failed, skipped }: TestSum): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
