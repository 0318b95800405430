import { describeWithLocalServers } from '../harness/servers.ts';
import { brokenFigures, smokeRun } from './smoke-run.ts';

/** One disturbs the servers. The other has a test below. */
const LEFT_OUT = ['overload', 'cost'].flatMap((name) => ['--without', name]);

describe('a smoke run of the benchmarks', () => {
  it('returns a positive number for every figure', async () => {
    const report = await smokeRun(LEFT_OUT);
    expect(brokenFigures(report)).toEqual([]);
    expect(report.results.length).toBeGreaterThan(0);
  }, 600_000);
});

describeWithLocalServers('a smoke run of the benchmark of costs', () => {
  it('returns a number for every figure', async () => {
    const report = await smokeRun(['cost']);
    // Not always a positive one: an idle process may use nothing, and other tests may use the servers more when it is idle.
    expect(brokenFigures(report, Number.isFinite)).toEqual([]);
    expect(report.results.map(({ benchmark }) => benchmark)).toEqual(['cost']);
  }, 600_000);
});
