import { brokenFigures, smokeRun } from './smoke-run.ts';

describe('a smoke run of the benchmark of overload, which freezes a database', () => {
  it('yields a positive number for every figure', async () => {
    const report = await smokeRun(['overload']);
    expect(brokenFigures(report)).toEqual([]);
    expect(report.results.map(({ benchmark }) => benchmark)).toEqual(['overload']);
  }, 600_000);
});
