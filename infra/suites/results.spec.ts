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
  it('counts what Jest counted', () => {
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

  it('counts a suite that failed to run as a failure', () => {
    expect(sumOfRun(report({ numPassedTests: 3, numRuntimeErrorTestSuites: 1 }), 1).failed).toBe(1);
  });

  it('counts a failure when Jest fails for a reason of its own', () => {
    expect(sumOfRun(report({ numPassedTests: 3 }), 1)).toMatchObject({ passed: 3, failed: 1, skipped: 0 });
  });

  it('counts a failure when Jest wrote no report', () => {
    expect(sumOfRun(undefined, 0).failed).toBe(1);
  });
});

describe('isGreen', () => {
  it('wants a test that passed and none that failed', () => {
    expect(isGreen({ passed: 1, failed: 0, skipped: 0, needs: {} })).toBe(true);
    expect(isGreen({ passed: 1, failed: 1, skipped: 0, needs: {} })).toBe(false);
    expect(isGreen(noTests)).toBe(false);
    expect(isGreen({ passed: 0, failed: 0, skipped: 4, needs: {} })).toBe(false);
  });
});

describe('summary', () => {
  it('adds up runs and tells of skipped tests only when there are some', () => {
    const sum = add(
      { passed: 2, failed: 0, skipped: 0, needs: { 'a moon': 1 } },
      { passed: 1, failed: 1, skipped: 0, needs: { 'a moon': 2, stars: 1 } },
    );
    expect(sum.needs).toEqual({ 'a moon': 3, stars: 1 });
    expect(summary(sum)).toBe('3 passed, 1 failed');
    expect(summary({ ...sum, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
  });
});
