import { add, isGreen, type JestReport, noTests, summary, sumOfRun } from './results.ts';

const report = (numbers: Partial<JestReport>): JestReport => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  testResults: [],
  ...numbers,
});

describe('sumOfRun', () => {
  it('takes the counts from the report', () => {
    const run = report({ numPassedTests: 7, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 });
    expect(sumOfRun(run, 1)).toEqual({ passed: 7, failed: 2, skipped: 2, needs: {} });
  });

  it('counts what skipped tests need', () => {
    const test = (fullName: string, status: string) => ({ fullName, status });
    const tests = [
      test('sails (needs wind) far', 'pending'),
      test('sails (needs wind) near', 'pending'),
      test('rows', 'pending'),
      test('flies (needs wings)', 'passed'),
    ];
    expect(sumOfRun(report({ testResults: [{ assertionResults: tests }] }), 0).needs).toEqual({ wind: 2 });
  });

  it('counts a test file that could not run as a failure', () => {
    expect(sumOfRun(report({ numPassedTests: 3, numRuntimeErrorTestSuites: 1 }), 1).failed).toBe(1);
  });

  it('counts a failure if Jest fails although all tests passed', () => {
    expect(sumOfRun(report({ numPassedTests: 3 }), 1)).toMatchObject({ passed: 3, failed: 1, skipped: 0 });
  });

  it('counts a failure if Jest wrote no report', () => {
    expect(sumOfRun(undefined, 0).failed).toBe(1);
  });
});

describe('isGreen', () => {
  it('requires at least one passed test and no failed test', () => {
    expect(isGreen({ passed: 1, failed: 0, skipped: 0, needs: {} })).toBe(true);
    expect(isGreen({ passed: 1, failed: 1, skipped: 0, needs: {} })).toBe(false);
    expect(isGreen(noTests)).toBe(false);
    expect(isGreen({ passed: 0, failed: 0, skipped: 4, needs: {} })).toBe(false);
  });
});

describe('summary', () => {
  it('sums up runs and mentions skipped tests only if there are any', () => {
    const sum = add(
      { passed: 2, failed: 0, skipped: 0, needs: { 'a moon': 1 } },
      { passed: 1, failed: 1, skipped: 0, needs: { 'a moon': 2, stars: 1 } },
    );
    expect(sum.needs).toEqual({ 'a moon': 3, stars: 1 });
    expect(summary(sum)).toBe('3 passed, 1 failed');
    expect(summary({ ...sum, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
  });
});
