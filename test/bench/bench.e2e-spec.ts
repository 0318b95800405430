import { brokenFigures, smokeRun } from './smoke-run.ts';

describe('a smoke run of the benchmarks that do not disturb the servers', () => {
  it('returns a positive number for every figure', async () => {
    const report = await smokeRun(['--without', 'overload']);
    expect(brokenFigures(report)).toEqual([]);
    expect(report.results.length).toBeGreaterThan(0);
  }, 600_000);
});
