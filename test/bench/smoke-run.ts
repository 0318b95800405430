import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BenchReport } from './report.ts';

const ROOT = join(__dirname, '../..');

/** The report of a smoke run with `options`. */
export async function smokeRun(options: readonly string[]): Promise<BenchReport> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const args = [join(ROOT, 'test/bench/bench.ts'), ...options, '--smoke', '--json', join(folder, 'report.json')];
  try {
    await promisify(execFile)(process.execPath, args, { cwd: ROOT }).catch((error: Error & { stdout?: string }) => {
      // It reports on standard output which benchmarks failed.
      throw new Error(`${error.message}\n${error.stdout}`, { cause: error });
    });
    return JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Figures with fewer than two numbers (ours and the reference, or several rounds) or one that is not right. */
export function brokenFigures({ results }: BenchReport, isRight = isPositive): unknown[] {
  const figures = results.flatMap(({ benchmark, figures }) =>
    figures.map(({ name, ours, reference }) => ({
      title: `${benchmark}: ${name}`,
      numbers: [ours, reference].flat(),
    })),
  );
  const isWhole = (numbers: readonly (number | undefined)[]) =>
    numbers.length > 1 && numbers.every((number) => number === undefined || isRight(number));
  return figures.filter(({ numbers }) => !isWhole(numbers));
}

const isPositive = (number: number) => number > 0;
