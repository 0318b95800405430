import { brokenFigures, smokeRun } from './smoke-run.ts';

/** One disturbs the servers. The other counts their CPU time in steps of 10 ms, of which a short run may use none. */
const LEFT_OUT = ['overload', 'cost'].flatMap((name) => ['--without', name]);

describe('a smoke run of the benchmarks', () => {
  it('returns a positive number for every figure', async () => {
    const report = await smokeRun(LEFT_OUT);
    expect(brokenFigures(report)).toEqual([]);
    expect(report.results.length).toBeGreaterThan(0);
  }, 600_000);
});
