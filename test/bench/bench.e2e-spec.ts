import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BenchReport } from './report.ts';

const ROOT = join(__dirname, '../..');

describe('a smoke run of the benchmarks', () => {
  let report: BenchReport;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    const args = [join(ROOT, 'test/bench/bench.ts'), '--smoke', '--json', join(folder, 'report.json')];
    try {
      // What it says is in the error when it fails.
      await promisify(execFile)(process.execPath, args, { cwd: ROOT });
      report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 300_000);

  it('yields a positive number for every figure', () => {
    const figures = report.results.flatMap(({ benchmark, figures }) =>
      figures.map(({ name, ours, reference }) => ({
        title: `${benchmark}: ${name}`,
        numbers: [ours, reference].flat(),
      })),
    );
    const isWhole = (numbers: readonly (number | undefined)[]) =>
      numbers.length > 1 && numbers.every((number) => number === undefined || number > 0);
    const broken = figures.filter(({ numbers }) => !isWhole(numbers));
    expect(broken).toEqual([]);
    expect(report.results.length).toBeGreaterThan(0);
  });
});
